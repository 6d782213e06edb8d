package org.firstlight.kit.enrolment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.firstlight.fleet.device.EndpointName;

/**
 * How often a device may renew its certificate at this node: answers get lost, but each certificate
 * stays in the CRL until its end. Remembers those of the last ten thousand devices that renewed.
 */
final class RenewalLimit {
  static final int MOST = 8;
  static final Duration WITHIN = Duration.ofDays(1);

  private static final int REMEMBERED = 10_000;

  private record Window(Instant began, int renewals) {}

  private final Clock clock;
  private final Map<EndpointName, Window> windows =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<EndpointName, Window> eldest) {
          return size() > REMEMBERED;
        }
      };

  RenewalLimit(Clock clock) {
    this.clock = clock;
  }

  /** Counts one more, if it may be. */
  synchronized boolean allow(EndpointName name) {
    Instant now = clock.instant();
    Window window = windows.get(name);
    if (window == null || !now.isBefore(window.began().plus(WITHIN))) {
      window = new Window(now, 0);
    }
    if (window.renewals() >= MOST) {
      return false;
    }
    windows.put(name, new Window(window.began(), window.renewals() + 1));
    return true;
  }
}
