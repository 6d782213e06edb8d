package org.firstlight.badluck;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.firstlight.badluck.Fault.Strike;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Lost;

/**
 * What came of one fault.
 *
 * @param acknowledged effects that clients were told of around it
 * @param lost those of them that were not there afterwards
 * @param registeredAnew devices that were told 4.04 and came again by themselves
 * @param surprises what was there twice, and answers that nothing excuses
 * @param back from the mending until every client had been served again
 */
record Survival(
    Fault fault,
    String setting,
    Map<Kind, Long> acknowledged,
    List<Lost> lost,
    Strike strike,
    long registeredAnew,
    List<String> surprises,
    Duration back) {

  /** Lost although the design says that it is not. */
  List<Lost> lostAgainstPromise() {
    return lost.stream().filter(strike::forbids).toList();
  }

  /** How long before the fault the oldest lost effect had been acknowledged. */
  Duration window() {
    return lost.stream()
        .filter(effect -> !effect.acknowledged().equals(Ledger.TOO_LATE))
        .map(effect -> Duration.between(effect.acknowledged(), strike.at()))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** What the design forbids; empty if it was survived. */
  List<String> faults() {
    List<String> faults = new ArrayList<>(surprises);
    List<Lost> against = lostAgainstPromise();
    if (!against.isEmpty()) {
      faults.add(
          "%d acknowledged effects are lost, such as %s; promised was what came before %s"
              .formatted(against.size(), against.get(0), strike.promised()));
    }
    if (nothingMayBeLost() && registeredAnew > 0) {
      faults.add(registeredAnew + " devices were told 4.04 for a registration that they had");
    }
    return faults;
  }

  private boolean nothingMayBeLost() {
    return strike.promised().equals(Instant.MAX);
  }

  long lost(Kind kind) {
    return lost.stream().filter(effect -> effect.subject().kind() == kind).count();
  }
}
