package org.firstlight.bootstrap.trust;

import java.net.InetSocketAddress;
import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
import org.firstlight.bootstrap.trust.Verdict.Trusted;
import org.firstlight.kit.dtls.HandshakeRefusedException;
import org.firstlight.kit.dtls.OperationalTrust;
import org.jspecify.annotations.Nullable;

/**
 * Lets Scandium ask the {@link Judge} during the handshake, which goes on when it has told: no
 * thread waits. Operators read the reason of a refusal, the device gets its alert. A certificate of
 * the operational CA opens a connection too, on which nothing but its renewal is answered.
 */
public final class FactoryCertificateVerifier implements NewAdvancedCertificateVerifier {
  private final Judge judge;
  private final OperationalTrust operational;
  private volatile @Nullable HandshakeResultHandler results;

  public FactoryCertificateVerifier(Judge judge, OperationalTrust operational) {
    this.judge = judge;
    this.operational = operational;
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return List.of(CertificateType.X_509);
  }

  @Override
  public @Nullable CertificateVerificationResult verifyCertificate(
      ConnectionId cid,
      @Nullable ServerNames serverName,
      InetSocketAddress remotePeer,
      boolean clientUsage,
      boolean verifySubject,
      boolean truncateCertificatePath,
      CertificateMessage message) {
    @Nullable CertPath path = message.getCertificateChain();
    if (path == null) {
      return refused(cid, Verdict.no(Cause.BAD_CERTIFICATE, "it sent no X.509 certificate"));
    }
    List<X509Certificate> chain = certificates(path);
    CompletableFuture<CertificateVerificationResult> result =
        (operational.issued(chain)
                ? operational.judge(cid, path)
                : judge.judgeHandshake(chain).thenApply(verdict -> result(cid, path, verdict)))
            .toCompletableFuture();
    if (result.isDone()) {
      return result.join();
    }
    result.thenAccept(this::answer);
    return null;
  }

  private void answer(CertificateVerificationResult result) {
    HandshakeResultHandler handler = results;
    if (handler != null) {
      handler.apply(result);
    }
  }

  private static CertificateVerificationResult result(
      ConnectionId cid, CertPath path, Verdict verdict) {
    return verdict instanceof Trusted
        ? new CertificateVerificationResult(cid, path, null)
        : refused(
            cid,
            verdict instanceof Distrusted no
                ? no
                : Verdict.no(Cause.UNKNOWN_REVOCATION, "nobody could say whether it is revoked"));
  }

  /** The certificates of a path that Scandium carries. */
  static List<X509Certificate> certificates(CertPath path) {
    return path.getCertificates().stream().map(X509Certificate.class::cast).toList();
  }

  private static CertificateVerificationResult refused(ConnectionId cid, Distrusted no) {
    AlertDescription description =
        switch (no.cause()) {
          case UNKNOWN_CA -> AlertDescription.UNKNOWN_CA;
          case NOT_CURRENT -> AlertDescription.CERTIFICATE_EXPIRED;
          case REVOKED -> AlertDescription.CERTIFICATE_REVOKED;
          case UNKNOWN_REVOCATION -> AlertDescription.CERTIFICATE_UNKNOWN;
          case BAD_CERTIFICATE -> AlertDescription.BAD_CERTIFICATE;
        };
    return new CertificateVerificationResult(
        cid, new HandshakeRefusedException(description, no.reason()), null);
  }

  /** None: naming every manufacturer would tell who ships here, and fill the flight. */
  @Override
  public List<X500Principal> getAcceptedIssuers() {
    return List.of();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    results = resultHandler;
  }
}
