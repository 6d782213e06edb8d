package org.firstlight.bootstrap.trust;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
import org.firstlight.bootstrap.trust.Verdict.Trusted;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.kit.dtls.OperationalTrust;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * Tells who a connection's peer is, at each request anew: a resumed session has seen no handshake
 * that checked anything.
 */
public final class Peers {
  /** Who it is, or why it is nobody. */
  public sealed interface Known {
    record As(Peer peer) implements Known {}

    record Nobody(Failure failure) implements Known {}
  }

  private final Judge judge;
  private final OperationalTrust operational;

  public Peers(Judge judge, OperationalTrust operational) {
    this.judge = judge;
    this.operational = operational;
  }

  /**
   * @param principal as Californium's endpoint context carries it; null on plain coap
   */
  public CompletionStage<Known> at(@Nullable Principal principal) {
    if (!(principal instanceof X509CertPath path)) {
      return CompletableFuture.completedStage(withoutCertificate(principal));
    }
    List<X509Certificate> chain = FactoryCertificateVerifier.certificates(path.getPath());
    return operational.issued(chain)
        ? CompletableFuture.completedStage(
            nobody("with an operational certificate nothing but its renewal is to be had here"))
        : judge.judgeConnected(chain).thenApply(Peers::known);
  }

  /**
   * Whose operational certificate a connection has shown; empty for any other, and while its
   * manufacturer is suspended.
   */
  public Optional<EndpointName> holder(@Nullable Principal principal) {
    return principal instanceof X509CertPath path
            && operational.issued(FactoryCertificateVerifier.certificates(path.getPath()))
        ? CertificateNames.endpointName(path.getTarget()).filter(name -> !isSuspended(name))
        : Optional.empty();
  }

  /** Whether a connection stands that this certificate has opened, by the hash of its DER. */
  public boolean hasShown(Principal principal, String sha256) {
    return principal instanceof X509CertPath path
        && Certificates.sha256(path.getTarget()).equals(sha256);
  }

  private boolean isSuspended(EndpointName name) {
    return Suspensions.of(judge.trust().manufacturers()).refuse(name).isPresent();
  }

  private static Known known(Verdict verdict) {
    return verdict instanceof Trusted trusted
        ? new Known.As(trusted.peer())
        : nobody(
            verdict instanceof Distrusted no
                ? no.reason()
                : "nobody could say whether its certificate is revoked");
  }

  private static Known withoutCertificate(@Nullable Principal principal) {
    if (principal == null) {
      return new Known.As(new Peer.Unsecured());
    }
    if (principal instanceof PreSharedKeyIdentity psk) {
      return PskIdentities.endpointName(psk.getIdentity())
          .<Known>map(
              name -> new Known.As(new Peer.Keyed(new EndpointName(name), psk.getIdentity())))
          .orElseGet(() -> nobody("its PSK identity names no endpoint"));
    }
    return nobody("its credential is of no kind that is taken here");
  }

  /** The endpoint of a connection that stands: whom a handshake let in, without judging anew. */
  public Optional<EndpointName> endpointName(Principal principal) {
    if (principal instanceof X509CertPath path) {
      List<X509Certificate> chain = FactoryCertificateVerifier.certificates(path.getPath());
      return operational.issued(chain)
          ? CertificateNames.endpointName(path.getTarget())
          : judge.trust().endpointName(chain);
    }
    return principal instanceof PreSharedKeyIdentity psk
        ? PskIdentities.endpointName(psk.getIdentity()).map(EndpointName::new)
        : Optional.empty();
  }

  /**
   * The endpoint of a session that could go on: empty for one that is trusted no more, or of which
   * a responder has to be asked, as a whole handshake does.
   */
  public Optional<EndpointName> trustedEndpointName(Principal principal) {
    if (!(principal instanceof X509CertPath path)) {
      return endpointName(principal);
    }
    return judge.known(FactoryCertificateVerifier.certificates(path.getPath()))
            instanceof Trusted trusted
        ? trusted.peer().endpointName().flatMap(EndpointName::of)
        : Optional.empty();
  }

  /**
   * Whether a connection stands that this manufacturer's record, as it is now, no longer vouches
   * for.
   */
  public boolean isDistrusted(Principal principal, String manufacturer) {
    if (!(principal instanceof X509CertPath path)) {
      return false;
    }
    List<X509Certificate> chain = FactoryCertificateVerifier.certificates(path.getPath());
    if (operational.issued(chain)) {
      return holder(principal).isEmpty();
    }
    boolean concerned =
        judge.trust().manufacturer(chain).map(by -> by.id().equals(manufacturer)).orElse(true);
    return concerned && judge.known(chain) instanceof Distrusted;
  }

  private static Known nobody(String reason) {
    return new Known.Nobody(Failure.of(FailureCode.FORBIDDEN, reason));
  }
}
