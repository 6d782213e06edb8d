package org.firstlight.simulator.crowd;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * What a bootstrap told a device of its LwM2M Server.
 *
 * @param identity empty until the device has fetched its certificate by EST
 */
record Account(URI uri, Trust trust, Optional<Identity> identity, Duration lifetime) {
  Account with(Identity own) {
    return new Account(uri, trust, Optional.of(own), lifetime);
  }
}
