package org.firstlight.fleet.session;

import java.time.Instant;
import java.util.Map;

/**
 * One step of a device's journey, as the report and the timeline show it.
 *
 * @param name handshake, admission, plan, enrolment, bootstrap, subscription, attach, register or
 *     configuration
 * @param details such as {@code credential=issued-key}, {@code delivery=push}, {@code reason=…};
 *     never a secret
 */
public record Step(String name, Instant at, long ms, boolean ok, Map<String, String> details) {
  public Step {
    details = Map.copyOf(details);
  }
}
