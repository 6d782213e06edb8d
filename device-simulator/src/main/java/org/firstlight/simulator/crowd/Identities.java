package org.firstlight.simulator.crowd;

import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.simulator.connection.ServerTrust;
import org.firstlight.simulator.pem.PemException;
import org.firstlight.simulator.pem.PemFiles;

/** In each handshake, the certificate of the device that shakes hands, and whom it trusts. */
final class Identities implements CertificateProvider, NewAdvancedCertificateVerifier {
  /** What a handshake on one line needs. */
  record Papers(Identity identity, Trust trust, String host) {}

  private final Function<ConnectionId, Optional<Papers>> papers;

  /**
   * @param papers of the device whose connection has this id
   */
  Identities(Function<ConnectionId, Optional<Papers>> papers) {
    this.papers = papers;
  }

  @Override
  public CertificateIdentityResult requestCertificateIdentity(
      ConnectionId cid,
      boolean client,
      List<X500Principal> issuers,
      ServerNames serverNames,
      List<CertificateKeyAlgorithm> certificateKeyAlgorithms,
      List<SignatureAndHashAlgorithm> signatureAndHashAlgorithms,
      List<SupportedGroup> curves) {
    Optional<Papers> known = papers.apply(cid);
    if (known.isEmpty()) {
      return new CertificateIdentityResult(cid);
    }
    try {
      Identity identity = known.get().identity();
      return new CertificateIdentityResult(cid, identity.privateKey(), List.of(identity.x509()));
    } catch (GeneralSecurityException | PemException e) {
      return new CertificateIdentityResult(cid);
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
      Papers known =
          papers.apply(cid).orElseThrow(() -> new CertificateException("nobody's connection"));
      return new ServerTrust(
              known.trust().usage(),
              PemFiles.certificate(known.trust().certificate()),
              List.of(),
              known.host())
          .verifyCertificate(
              cid,
              serverName,
              remotePeer,
              clientUsage,
              verifySubject,
              truncateCertificatePath,
              message);
    } catch (CertificateException | PemException e) {
      return ServerTrust.refused(cid, e);
    }
  }

  @Override
  public List<CertificateKeyAlgorithm> getSupportedCertificateKeyAlgorithms() {
    return List.of(CertificateKeyAlgorithm.EC);
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
