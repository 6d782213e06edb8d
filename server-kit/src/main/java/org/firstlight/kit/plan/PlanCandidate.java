package org.firstlight.kit.plan;

import java.util.List;
import org.firstlight.fleet.plan.OnboardingPlan;

/**
 * A plan that was asked whether it is for a device.
 *
 * @param misfits why it is not, in words; empty where it fits
 */
public record PlanCandidate(OnboardingPlan plan, List<String> misfits) {
  public PlanCandidate {
    misfits = List.copyOf(misfits);
  }

  public boolean fits() {
    return misfits.isEmpty();
  }
}
