package org.firstlight.badluck;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Lost;
import org.firstlight.redis.Durability;

/**
 * What came of one fault.
 *
 * @param acknowledged effects that clients were told of around it
 * @param lost those of them that were not there afterwards
 * @param promised an effect acknowledged before this must not be lost
 * @param registeredAnew devices that were told 4.04 and came again by themselves
 * @param surprises what was there twice, and answers that nothing excuses
 * @param back from the mending until every client had been served again
 */
record Survival(
    Fault fault,
    Durability durability,
    Map<Kind, Long> acknowledged,
    List<Lost> lost,
    Instant promised,
    long registeredAnew,
    List<String> surprises,
    Duration back) {

  /** Lost although the design says that it is not. */
  List<Lost> lostAgainstPromise() {
    return lost.stream().filter(effect -> effect.acknowledged().isBefore(promised)).toList();
  }

  long lost(Kind kind) {
    return lost.stream().filter(effect -> effect.subject().kind() == kind).count();
  }
}
