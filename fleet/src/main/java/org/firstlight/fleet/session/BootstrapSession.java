package org.firstlight.fleet.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;

/**
 * One bootstrap of one device, kept for people to read.
 *
 * @param id sorts by time
 * @param address the device's, as host:port
 * @param ended empty while it runs, or if the server died under it
 * @param failure why it failed; empty if it runs or ended well
 */
public record BootstrapSession(
    String id,
    EndpointName endpointName,
    Instant started,
    Optional<Instant> ended,
    String address,
    Optional<String> planId,
    List<Step> steps,
    List<Exchange> exchanges,
    Optional<Failure> failure) {
  public BootstrapSession {
    steps = List.copyOf(steps);
    exchanges = List.copyOf(exchanges);
  }
}
