package org.firstlight.dm.transport;

import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.time.Clock;
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
import org.firstlight.kit.dtls.HandshakeRefusedException;
import org.firstlight.kit.dtls.OperationalTrust;
import org.firstlight.kit.dtls.Withdrawals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who holds a certificate that the operational CA issued directly, or a raw public key that
 * a bootstrap handed over, and nobody else: a factory certificate opens the bootstrap server alone.
 * A device that was withdrawn is refused here, and a certificate that was revoked; whether it is
 * the newest of its endpoint is asked at each Register.
 *
 * <p>While state is away a device with a certificate comes in ({@link Withdrawals}), and one with a
 * raw public key has to wait ({@link RawKeyVerifier}).
 */
public final class OperationalCertificateVerifier implements NewAdvancedCertificateVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(OperationalCertificateVerifier.class);

  private final OperationalTrust trust;
  private final RawKeyVerifier rawKeys;
  private volatile @Nullable HandshakeResultHandler results;

  public OperationalCertificateVerifier(
      X509Certificate operationalCa, RawKeyHolders rawKeys, Withdrawals withdrawals, Clock clock) {
    this.trust = new OperationalTrust(operationalCa, withdrawals, clock);
    this.rawKeys = new RawKeyVerifier(rawKeys, withdrawals);
  }

  @Override
  public List<CertificateType> getSupportedCertificateTypes() {
    return List.of(CertificateType.X_509, CertificateType.RAW_PUBLIC_KEY);
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
    @Nullable PublicKey rawKey = message.getPublicKey();
    @Nullable CertPath path = message.getCertificateChain();
    if (path == null && rawKey != null) {
      rawKeys
          .verify(cid, rawKey)
          .thenAcceptAsync(this::answer)
          .exceptionally(OperationalCertificateVerifier::unknown);
      return null;
    }
    if (path == null || path.getCertificates().isEmpty()) {
      return refused(
          cid, AlertDescription.BAD_CERTIFICATE, "it sent neither certificate nor raw public key");
    }
    CompletableFuture<CertificateVerificationResult> judged =
        trust.judge(cid, path).toCompletableFuture();
    if (judged.isDone()) {
      return judged.join();
    }
    judged.thenAccept(this::answer);
    return null;
  }

  private void answer(CertificateVerificationResult result) {
    HandshakeResultHandler handler = results;
    if (handler != null) {
      handler.apply(result);
    }
  }

  private static @Nullable Void unknown(Throwable away) {
    LOG.warn("a raw public key's look-up failed, its handshake is left to time out");
    LOG.debug("the look-up's failure", away);
    return null;
  }

  private static CertificateVerificationResult refused(
      ConnectionId cid, AlertDescription alert, String reason) {
    return new CertificateVerificationResult(
        cid, new HandshakeRefusedException(alert, reason), null);
  }

  /**
   * None: a client that is told of a CA it has nothing from shows nothing, and we learn nothing.
   */
  @Override
  public List<X500Principal> getAcceptedIssuers() {
    return List.of();
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    results = resultHandler;
  }
}
