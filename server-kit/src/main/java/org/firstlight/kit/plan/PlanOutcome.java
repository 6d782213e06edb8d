package org.firstlight.kit.plan;

import java.util.List;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.plan.OnboardingPlan;

/** What became of composing and checking. */
public sealed interface PlanOutcome {
  record Checked(CheckedPlan plan) implements PlanOutcome {}

  /** Something that a person must still do: assign a subscription, make a plan. */
  record NotYet(String reason) implements PlanOutcome {}

  /**
   * The plan is wrong: a person must correct it.
   *
   * @param planId whose fault it is
   */
  record Rejected(String planId, Failure failure) implements PlanOutcome {}

  /** For these faults, all of them. */
  static Rejected rejected(OnboardingPlan plan, List<String> faults) {
    return new Rejected(
        plan.id(),
        Failure.of(
            FailureCode.CONFLICT, "plan '%s': %s".formatted(plan.id(), String.join("; ", faults))));
  }
}
