package org.firstlight.dm.transport;

import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/** A PSK identity names its endpoint: {@code <endpoint name>#<account>#<random>}. */
final class PskIdentities {
  static Optional<EndpointName> endpointName(String identity) {
    int end = identity.indexOf('#');
    return end < 0
        ? Optional.empty()
        : Optional.of(identity.substring(0, end))
            .filter(name -> EndpointName.fault(name).isEmpty())
            .map(EndpointName::new);
  }

  private PskIdentities() {}
}
