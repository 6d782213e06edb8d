package org.firstlight.bootstrap.trust;

import java.security.PublicKey;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.trust.FactoryIdentity;

/** Who is at the other end of a connection, as far as the connection proves it. */
public sealed interface Peer {
  /**
   * A device with its factory certificate.
   *
   * @param endpointName the one that its manufacturer's record gives this identity; empty if it
   *     lies outside the manufacturer's namespace
   * @param keySha256 hex SHA-256 of its certificate's SubjectPublicKeyInfo
   * @param authority the same of its manufacturer's CA that vouches for it; empty where the
   *     certificate itself is what is trusted
   * @param key the one that its certificate is over
   */
  record Factory(
      FactoryIdentity identity,
      Optional<String> endpointName,
      String keySha256,
      Optional<String> authority,
      PublicKey key)
      implements Peer {}

  /** A client that {@code connect} gave a PSK for bootstrap. */
  record Keyed(EndpointName endpointName, String pskIdentity) implements Peer {}

  /** Plain coap on loopback: it has proven nothing. */
  record Unsecured() implements Peer {}
}
