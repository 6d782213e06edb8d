package org.firstlight.simulator.connection;

import java.net.InetSocketAddress;
import java.security.cert.CertPath;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.util.CertPathUtil;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.kit.pki.TrustPath;

/**
 * Whether a server is the one of the account: certificate usage 0 to 3 (LwM2M Core 1.1.1 §5.2.9.7),
 * and always that the host of its URI stands in the certificate's subject alternative names.
 */
public final class ServerTrust implements NewAdvancedCertificateVerifier {
  /** LwM2M 1.0 has no certificate usage: the certificate given is the server's, or its CA's. */
  public static final int UNSAID = -1;

  private static final int MAX_INTERMEDIATES = 3;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private final int usage;
  private final X509Certificate given;
  private final Set<X509Certificate> trustStore;
  private final String host;

  /**
   * @param given /0/x/4
   * @param trustStore the device's own anchors, for usages 0 and 1
   */
  public ServerTrust(
      int usage, X509Certificate given, Collection<X509Certificate> trustStore, String host) {
    this.usage = usage;
    this.given = given;
    this.trustStore = Set.copyOf(trustStore);
    this.host = host;
  }

  /** Says nothing if the server may be trusted. */
  public void check(List<X509Certificate> chain) throws CertificateException {
    if (chain.isEmpty()) {
      throw new CertificateException("the server sent no certificate");
    }
    X509Certificate leaf = chain.get(0);
    switch (usage) {
      case 0 -> {
        require(given.getBasicConstraints() >= 0, "the account's certificate is no CA's");
        validate(chain, trustStore);
        // a CA that merely stands in what was sent has issued nothing of it
        validate(chain, Set.of(given));
      }
      case 1 -> {
        validate(chain, trustStore);
        require(leaf.equals(given), "another certificate than the account's");
      }
      case 2 -> validate(chain, Set.of(given));
      case UNSAID -> validate(chain, Set.of(given));
      default -> {
        require(leaf.equals(given), "another certificate than the account's");
        leaf.checkValidity();
      }
    }
    require(
        CertPathUtil.canBeUsedForAuthentication(leaf, false),
        "the certificate is not for a server");
    require(names(leaf, host), "the certificate does not name " + host);
  }

  private static void validate(List<X509Certificate> chain, Set<X509Certificate> anchors)
      throws CertificateException {
    if (anchors.contains(chain.get(0))) {
      chain.get(0).checkValidity();
      return; // the server's own certificate is the anchor
    }
    if (TrustPath.check(chain, anchors, Instant.now(), MAX_INTERMEDIATES)
        instanceof TrustPath.Untrusted untrusted) {
      throw new CertificateException(untrusted.reason());
    }
  }

  private static boolean names(X509Certificate leaf, String host) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
            .anyMatch(name -> host.equalsIgnoreCase(String.valueOf(name.get(1))));
  }

  private static void require(boolean holds, String otherwise) throws CertificateException {
    if (!holds) {
      throw new CertificateException(otherwise);
    }
  }

  @Override
  public CertificateVerificationResult verifyCertificate(
      ConnectionId cid,
      ServerNames serverName,
      InetSocketAddress remotePeer,
      boolean clientUsage,
      boolean verifySubject,
      boolean truncateCertificatePath,
      CertificateMessage message) {
    try {
      CertPath chain = message.getCertificateChain();
      check(CertPathUtil.toX509CertificatesList(chain.getCertificates()));
      return new CertificateVerificationResult(cid, chain, null);
    } catch (CertificateException e) {
      return refused(cid, e);
    }
  }

  /** The handshake ends with bad_certificate. */
  public static CertificateVerificationResult refused(ConnectionId cid, Exception why) {
    AlertMessage alert = new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE);
    return new CertificateVerificationResult(
        cid, new HandshakeException(String.valueOf(why.getMessage()), alert, why), null);
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return List.of(CertificateType.X_509);
  }

  @Override
  public List<X500Principal> getAcceptedIssuers() {
    return List.of();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    // answers at once
  }
}
