package org.firstlight.dm.transport;

import java.security.PublicKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.dtls.HandshakeRefusedException;
import org.firstlight.kit.dtls.Withdrawals;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.P256;

/**
 * Lets in who holds a raw public key (RFC 7250) that a bootstrap handed to a device which was not
 * withdrawn since. Without state nobody knows whose a key is: then there is no answer, and the
 * device tries again, as with a PSK.
 */
final class RawKeyVerifier {
  private final RawKeyHolders holders;
  private final Withdrawals withdrawals;

  RawKeyVerifier(RawKeyHolders holders, Withdrawals withdrawals) {
    this.holders = holders;
    this.withdrawals = withdrawals;
  }

  /** Fails while state is away. What it gives names the endpoint beside the key. */
  CompletionStage<CertificateVerificationResult> verify(ConnectionId cid, PublicKey key) {
    if (!P256.has(key)) {
      return done(
          refused(cid, AlertDescription.ILLEGAL_PARAMETER, "its raw public key is not on P-256"));
    }
    return holders
        .holder(Certificates.keySha256(key))
        .thenCompose(
            holder ->
                holder
                    .map(name -> ofHolder(cid, key, name))
                    .orElseGet(
                        () ->
                            done(
                                refused(
                                    cid,
                                    AlertDescription.CERTIFICATE_UNKNOWN,
                                    "its raw public key is no device's here, or no longer"))));
  }

  private CompletionStage<CertificateVerificationResult> ofHolder(
      ConnectionId cid, PublicKey key, EndpointName name) {
    return withdrawals
        .known(name)
        .thenApply(
            withdrawn ->
                withdrawn
                    .map(why -> refused(cid, AlertDescription.CERTIFICATE_REVOKED, why))
                    .orElseGet(() -> new CertificateVerificationResult(cid, key, name)));
  }

  private static CertificateVerificationResult refused(
      ConnectionId cid, AlertDescription alert, String reason) {
    return new CertificateVerificationResult(
        cid, new HandshakeRefusedException(alert, reason), null);
  }

  private static CompletionStage<CertificateVerificationResult> done(
      CertificateVerificationResult result) {
    return CompletableFuture.completedStage(result);
  }
}
