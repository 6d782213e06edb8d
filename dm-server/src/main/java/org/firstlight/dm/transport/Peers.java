package org.firstlight.dm.transport;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.ExtensiblePrincipal;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.firstlight.dm.transport.SamePeerMatcher.Destination;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.coap.EstResource.Asked;
import org.firstlight.kit.dtls.SessionResumption;
import org.firstlight.kit.dtls.Withdrawals;
import org.firstlight.kit.enrolment.Renewer;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a connection who its handshake proved: once, for a session carries it on ({@link
 * #info}).
 */
public final class Peers {
  private static final String PEER = "proven-peer";
  private static final Peer UNSECURED = new Peer.Unsecured();

  private Peers() {}

  public static Peer of(EndpointContext context) {
    return of(context.getPeerIdentity());
  }

  /** The endpoint that a connection or a session belongs to; empty if it proved none. */
  public static Optional<EndpointName> endpointName(Principal principal) {
    return of(principal).endpointName();
  }

  /** Whether who comes back to a session may: its credential is looked at as in a handshake. */
  public static SessionResumption.Judge judgedBy(Withdrawals withdrawals) {
    return (name, peer) -> {
      if (peer instanceof X509CertPath path) {
        return withdrawals.reason(name, path.getTarget());
      }
      if (peer instanceof RawPublicKeyIdentity raw) {
        return withdrawals.reasonOfRawKey(name, Certificates.keySha256(raw.getKey()));
      }
      return peer instanceof PreSharedKeyIdentity psk
          ? withdrawals.reasonOfPsk(name, psk.getIdentity())
          : withdrawals.reason(name);
    };
  }

  /** Who came with an operational certificate may renew that one. */
  public static CompletionStage<Outcome<Renewer>> renewer(Asked asked) {
    return CompletableFuture.completedStage(
        asked.principal() instanceof X509CertPath path && of(path) instanceof Peer.Certified peer
            ? Outcome.done(Renewer.by(peer.name(), path.getTarget()))
            : Outcome.refused(FailureCode.FORBIDDEN, "renewal is for who came with a certificate"));
  }

  public static Peer of(@Nullable Principal principal) {
    if (principal == null) {
      return UNSECURED;
    }
    if (principal instanceof Destination destination) {
      return destination.peer();
    }
    if (principal instanceof ExtensiblePrincipal<?> known) {
      Peer peer = known.getExtendedInfo().get(PEER, Peer.class);
      if (peer != null) {
        return peer;
      }
    }
    return read(principal, null);
  }

  /**
   * What a session keeps beside the principal when its handshake is done.
   *
   * @param holder whose certificate or raw public key it is, an {@link EndpointName}, where the
   *     handshake has read that
   */
  static AdditionalInfo info(Principal principal, @Nullable Object holder) {
    return AdditionalInfo.from(Map.of(PEER, read(principal, holder)));
  }

  private static Peer read(Principal principal, @Nullable Object holder) {
    if (principal instanceof X509CertPath path) {
      X509Certificate certificate = path.getTarget();
      return (holder instanceof EndpointName known
              ? Optional.of(known)
              : CertificateNames.endpointName(certificate))
          .<Peer>map(name -> new Peer.Certified(name, Certificates.sha256(certificate)))
          .orElseGet(() -> new Peer.Nameless("the certificate names no endpoint"));
    }
    if (principal instanceof PreSharedKeyIdentity psk) {
      return PskIdentities.endpointName(psk.getIdentity())
          .<Peer>map(name -> new Peer.Keyed(name, psk.getIdentity()))
          .orElseGet(() -> new Peer.Nameless("the PSK identity names no endpoint"));
    }
    if (principal instanceof RawPublicKeyIdentity raw) {
      return holder instanceof EndpointName name
          ? new Peer.RawKey(name, Certificates.keySha256(raw.getKey()))
          : new Peer.Nameless("nobody can say whose raw public key it is");
    }
    return new Peer.Nameless("the peer showed no credential of a kind that is taken here");
  }
}
