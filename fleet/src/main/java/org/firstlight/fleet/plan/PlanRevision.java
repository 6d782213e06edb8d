package org.firstlight.fleet.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * One saving of an onboarding plan.
 *
 * @param number from 1, one more at each saving
 * @param savedAt empty where an earlier release saved it, which kept no time
 * @param savedBy name of the one who saved it, as the audit has it
 * @param comment why, in that one's words
 */
public record PlanRevision(
    long number, Optional<Instant> savedAt, String savedBy, Optional<String> comment) {
  /** As a {@link org.firstlight.fleet.state.Kinds#PLAN_REVISION} record's id: sorts by number. */
  public static String id(long number) {
    return "%010d".formatted(number);
  }
}
