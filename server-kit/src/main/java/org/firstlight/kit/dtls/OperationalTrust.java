package org.firstlight.kit.dtls;

import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.TrustPath;

/**
 * Whether a handshake's certificate is one that the operational CA issued directly, to a device
 * that was not withdrawn, and was not revoked. Whether it is the newest of its endpoint is asked
 * where it is used.
 */
public final class OperationalTrust {
  private final X509Certificate operationalCa;
  private final Withdrawals withdrawals;
  private final Clock clock;

  public OperationalTrust(X509Certificate operationalCa, Withdrawals withdrawals, Clock clock) {
    this.operationalCa = operationalCa;
    this.withdrawals = withdrawals;
    this.clock = clock;
  }

  /** Whether the operational CA signed the first of a chain, whatever else is to be said of it. */
  public boolean issued(List<X509Certificate> chain) {
    return !chain.isEmpty()
        && chain.get(0).getIssuerX500Principal().equals(operationalCa.getSubjectX500Principal())
        && !(check(chain) instanceof TrustPath.Untrusted no
            && no.cause() == TrustPath.Cause.UNKNOWN_CA);
  }

  private TrustPath check(List<X509Certificate> chain) {
    return TrustPath.check(chain, List.of(operationalCa), clock.instant(), 0);
  }

  /**
   * Judges what a handshake showed; a refusal is there at once, and what state has to say later,
   * from another thread. The result's custom argument is the {@link EndpointName}.
   */
  public CompletionStage<CertificateVerificationResult> judge(ConnectionId cid, CertPath path) {
    List<X509Certificate> chain =
        path.getCertificates().stream().map(X509Certificate.class::cast).toList();
    if (check(chain) instanceof TrustPath.Untrusted untrusted) {
      return refused(cid, alert(untrusted.cause()), untrusted.reason());
    }
    Optional<EndpointName> name = CertificateNames.endpointName(chain.get(0));
    if (name.isEmpty()) {
      return refused(cid, AlertDescription.BAD_CERTIFICATE, "its certificate names no endpoint");
    }
    return withdrawals
        .reason(name.get(), chain.get(0))
        .thenApply(
            reason ->
                reason
                    .map(why -> refusal(cid, AlertDescription.CERTIFICATE_REVOKED, why))
                    .orElseGet(() -> new CertificateVerificationResult(cid, path, name.get())));
  }

  private static CompletionStage<CertificateVerificationResult> refused(
      ConnectionId cid, AlertDescription alert, String reason) {
    return CompletableFuture.completedStage(refusal(cid, alert, reason));
  }

  private static CertificateVerificationResult refusal(
      ConnectionId cid, AlertDescription alert, String reason) {
    return new CertificateVerificationResult(
        cid, new HandshakeRefusedException(alert, reason), null);
  }

  private static AlertDescription alert(TrustPath.Cause cause) {
    return switch (cause) {
      case UNKNOWN_CA -> AlertDescription.UNKNOWN_CA;
      case EXPIRED, NOT_YET_VALID -> AlertDescription.CERTIFICATE_EXPIRED;
      case PATH_TOO_LONG, BAD_CERTIFICATE -> AlertDescription.BAD_CERTIFICATE;
    };
  }
}
