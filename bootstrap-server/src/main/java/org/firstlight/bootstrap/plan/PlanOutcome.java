package org.firstlight.bootstrap.plan;

import org.firstlight.fleet.failure.Failure;

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
}
