package org.firstlight.simulator.crowd;

import java.net.URI;
import java.time.Duration;
import org.firstlight.simulator.connection.Timing;

/**
 * How a crowd runs.
 *
 * @param bootstrap coaps URI of the Bootstrap-Server
 * @param trust CA of its certificate, DER
 * @param addresses how many devices can be awake at once, each with a source address of its own
 * @param awake for how long after its last word a device still listens before it sleeps
 */
public record CrowdOptions(
    URI bootstrap, byte[] trust, int addresses, Timing timing, Duration awake) {
  static final int MOST_ADDRESSES = 60_000;

  public CrowdOptions {
    if (addresses < 1 || addresses > MOST_ADDRESSES) {
      throw new IllegalArgumentException("source addresses are 1 to 60000");
    }
  }
}
