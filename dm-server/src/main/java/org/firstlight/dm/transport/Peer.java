package org.firstlight.dm.transport;

import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/** Who is at the other end of a connection, as its handshake proved it. */
public sealed interface Peer {
  /** The endpoint that the handshake proved, if any. */
  default Optional<EndpointName> endpointName() {
    return Optional.empty();
  }

  /**
   * By a certificate of the operational CA.
   *
   * @param certificateSha256 hex digest of its DER
   */
  record Certified(EndpointName name, String certificateSha256) implements Peer {
    @Override
    public Optional<EndpointName> endpointName() {
      return Optional.of(name);
    }
  }

  /**
   * By a raw public key, whose record names the endpoint.
   *
   * @param keySha256 hex digest of its SubjectPublicKeyInfo
   */
  record RawKey(EndpointName name, String keySha256) implements Peer {
    @Override
    public Optional<EndpointName> endpointName() {
      return Optional.of(name);
    }
  }

  /** By a PSK whose identity names the endpoint. */
  record Keyed(EndpointName name, String identity) implements Peer {
    @Override
    public Optional<EndpointName> endpointName() {
      return Optional.of(name);
    }
  }

  /** By nothing: plain coap on loopback. */
  record Unsecured() implements Peer {}

  /** By something that names no endpoint: such a peer may do nothing. */
  record Nameless(String reason) implements Peer {}
}
