package org.firstlight.fleet.event;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets the same thing be told once in a while only, so that one misbehaving device cannot fill log
 * and event stream. Remembers the newest few thousand things.
 */
public final class EventThrottle {
  private static final int REMEMBERED = 4096;

  private final Duration quiet;
  private final Clock clock;
  private final Map<String, Instant> told =
      new LinkedHashMap<>(16, 0.75f, false) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param quiet how long the same thing stays untold
   */
  public EventThrottle(Duration quiet, Clock clock) {
    this.quiet = quiet;
    this.clock = clock;
  }

  public synchronized boolean allow(String thing) {
    Instant now = clock.instant();
    Instant last = told.get(thing);
    if (last != null && now.isBefore(last.plus(quiet))) {
      return false;
    }
    told.remove(thing);
    told.put(thing, now);
    return true;
  }
}
