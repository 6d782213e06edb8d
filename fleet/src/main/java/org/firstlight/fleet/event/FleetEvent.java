package org.firstlight.fleet.event;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/**
 * Something that happened.
 *
 * @param type as {@code device.bootstrapped} or {@code handshake.failed}
 * @param endpointName the device, where one is known
 * @param tenant whose it is, where one is known; others do not see it
 * @param details few and short; never a secret
 */
public record FleetEvent(
    Instant at,
    String type,
    Optional<EndpointName> endpointName,
    Optional<String> tenant,
    Map<String, String> details) {
  /**
   * A device told of values. There may be thousands a second, so they are kept apart: the newest of
   * all other events reach back as far as ever.
   */
  public static final String VALUES_CHANGED = "device.values-changed";

  public FleetEvent {
    details = Map.copyOf(details);
  }

  public static FleetEvent of(
      Instant at, String type, EndpointName endpointName, Map<String, String> details) {
    return new FleetEvent(at, type, Optional.of(endpointName), Optional.empty(), details);
  }
}
