package org.firstlight.dm.transport;

import java.security.Principal;
import java.security.cert.X509Certificate;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;

/** Reads from a connection who its handshake proved. */
public final class Peers {
  private Peers() {}

  public static Peer of(EndpointContext context) {
    Principal principal = context.getPeerIdentity();
    if (principal == null) {
      return new Peer.Unsecured();
    }
    if (principal instanceof X509CertPath path) {
      X509Certificate certificate = path.getTarget();
      return CertificateNames.endpointName(certificate)
          .<Peer>map(name -> new Peer.Certified(name, Certificates.sha256(certificate)))
          .orElseGet(() -> new Peer.Nameless("the certificate names no endpoint"));
    }
    if (principal instanceof PreSharedKeyIdentity psk) {
      return PskIdentities.endpointName(psk.getIdentity())
          .<Peer>map(name -> new Peer.Keyed(name, psk.getIdentity()))
          .orElseGet(() -> new Peer.Nameless("the PSK identity names no endpoint"));
    }
    return new Peer.Nameless("the peer showed neither certificate nor PSK");
  }
}
