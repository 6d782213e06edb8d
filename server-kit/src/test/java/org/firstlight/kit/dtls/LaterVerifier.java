package org.firstlight.kit.dtls;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.kit.pki.TrustPath;
import org.jspecify.annotations.Nullable;

/** A verifier as the servers have it: it decides on a thread of its own, when it may. */
final class LaterVerifier implements NewAdvancedCertificateVerifier, AutoCloseable {
  private final List<X509Certificate> anchors;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile @Nullable HandshakeResultHandler results;

  LaterVerifier(List<X509Certificate> anchors) {
    this.anchors = anchors;
  }

  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
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
    thread.execute(
        () -> {
          try {
            gate.await();
          } catch (InterruptedException e) {
            return;
          }
          HandshakeResultHandler handler = results;
          if (handler != null) {
            handler.apply(decide(cid, message));
          }
        });
    return null;
  }

  private CertificateVerificationResult decide(ConnectionId cid, CertificateMessage message) {
    List<X509Certificate> chain =
        message.getCertificateChain().getCertificates().stream()
            .map(X509Certificate.class::cast)
            .toList();
    if (TrustPath.check(chain, anchors, Instant.now(), 1) instanceof TrustPath.Untrusted no) {
      AlertDescription alert =
          switch (no.cause()) {
            case UNKNOWN_CA -> AlertDescription.UNKNOWN_CA;
            case EXPIRED, NOT_YET_VALID -> AlertDescription.CERTIFICATE_EXPIRED;
            default -> AlertDescription.BAD_CERTIFICATE;
          };
      return new CertificateVerificationResult(
          cid, new HandshakeRefusedException(alert, no.reason()), null);
    }
    return new CertificateVerificationResult(cid, message.getCertificateChain(), null);
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
    results = resultHandler;
  }

  @Override
  public void close() {
    release();
    thread.shutdownNow();
  }
}
