package org.firstlight.bootstrap.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.tenant.Tenant;

/**
 * The onboarding plan for a device. The platform's plans are for every device, a mobile operator's
 * for those that have its subscription: nobody else's are its to bootstrap. Of those that fit, the
 * highest priority; of equal ones, one that names what it is for before one for all, then the first
 * id.
 */
final class PlanSelection {
  private static final Comparator<OnboardingPlan> BEST_FIRST =
      Comparator.comparingInt(OnboardingPlan::priority)
          .reversed()
          .thenComparing(plan -> plan.models().isEmpty() && plan.owners().isEmpty())
          .thenComparing(OnboardingPlan::id);

  /**
   * @param operator whose subscription the device has, or is to have
   */
  static Optional<OnboardingPlan> choose(
      List<OnboardingPlan> plans, Device device, Optional<String> operator) {
    return plans.stream()
        .filter(plan -> isFor(plan, operator))
        .filter(plan -> fits(plan, device))
        .min(BEST_FIRST);
  }

  private static boolean isFor(OnboardingPlan plan, Optional<String> operator) {
    return plan.tenant().equals(Tenant.PLATFORM)
        || operator.filter(plan.tenant()::equals).isPresent();
  }

  private static boolean fits(OnboardingPlan plan, Device device) {
    return (plan.models().isEmpty() || plan.models().contains(device.model()))
        && (plan.owners().isEmpty() || device.owner().filter(plan.owners()::contains).isPresent());
  }

  private PlanSelection() {}
}
