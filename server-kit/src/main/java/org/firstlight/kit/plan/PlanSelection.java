package org.firstlight.kit.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.Claim;
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
          .thenComparing(PlanSelection::isForAll)
          .thenComparing(OnboardingPlan::id);

  private PlanSelection() {}

  /**
   * Every plan, in the order in which they are asked whether they fit.
   *
   * @param operator whose subscription the device has, or is to have
   */
  static List<PlanCandidate> judge(
      List<OnboardingPlan> plans, Device device, Optional<String> operator) {
    return plans.stream()
        .sorted(BEST_FIRST)
        .map(plan -> new PlanCandidate(plan, misfits(plan, device, operator)))
        .toList();
  }

  /** The first that fits. */
  static Optional<OnboardingPlan> choose(List<PlanCandidate> candidates) {
    return candidates.stream().filter(PlanCandidate::fits).map(PlanCandidate::plan).findFirst();
  }

  private static boolean isForAll(OnboardingPlan plan) {
    return plan.models().isEmpty() && plan.owners().isEmpty() && plan.countries().isEmpty();
  }

  private static List<String> misfits(
      OnboardingPlan plan, Device device, Optional<String> operator) {
    List<String> misfits = new ArrayList<>();
    if (!plan.tenant().equals(Tenant.PLATFORM)
        && operator.filter(plan.tenant()::equals).isEmpty()) {
      misfits.add(
          "the device has no subscription of %s, whose plan it is".formatted(plan.tenant()));
    }
    named("models", plan.models(), Optional.of(device.model()), "its model is", misfits);
    named("owners", plan.owners(), device.owner(), "its owner is", misfits);
    named(
        "countries",
        plan.countries(),
        device.claim().flatMap(Claim::country),
        "it is to work in",
        misfits);
    return misfits;
  }

  private static void named(
      String what, Set<String> named, Optional<String> has, String is, List<String> misfits) {
    if (!named.isEmpty() && has.filter(named::contains).isEmpty()) {
      misfits.add(
          has.map(one -> "%s: %s %s".formatted(what, is, one))
              .orElse("%s: nobody has said yet".formatted(what)));
    }
  }
}
