package org.firstlight.bootstrap.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.device.Waiting;

/**
 * How much later a waiting device shall come: as long again as it has waited already, from 5 s up
 * to an hour. So its tries double apart, and a restart of the server forgets nothing.
 */
public final class Patience {
  public static final Duration SHORTEST = Duration.ofSeconds(5);
  public static final Duration LONGEST = Duration.ofHours(1);

  public static Duration after(Optional<Waiting> waiting, Instant now) {
    Duration waited = waiting.map(w -> Duration.between(w.since(), now)).orElse(Duration.ZERO);
    if (waited.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return waited.compareTo(LONGEST) > 0 ? LONGEST : waited;
  }

  private Patience() {}
}
