package org.firstlight.bootstrap.trust;

import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/**
 * A PSK identity names its endpoint: it is {@code <endpoint name>#<account>#<random>}, or, as some
 * clients know no other, the name itself.
 */
final class PskIdentities {
  static Optional<String> endpointName(String identity) {
    int end = identity.indexOf('#');
    return Optional.of(end < 0 ? identity : identity.substring(0, end))
        .filter(name -> EndpointName.fault(name).isEmpty());
  }

  private PskIdentities() {}
}
