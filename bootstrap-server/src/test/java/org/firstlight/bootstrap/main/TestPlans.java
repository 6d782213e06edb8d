package org.firstlight.bootstrap.main;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.fleet.tenant.Tenant;

/** Onboarding plans of tests. */
final class TestPlans {
  /** A plan that gives everything; what differs is changed by the caller. */
  static OnboardingPlan fullPlan() {
    return plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.PUSH, 1024);
  }

  static OnboardingPlan plan(
      CredentialKind credential, SubscriptionDelivery delivery, int blockSize) {
    return plan(credential, delivery, new Timing(Duration.ZERO, Duration.ofSeconds(5), blockSize));
  }

  static OnboardingPlan plan(
      CredentialKind credential, SubscriptionDelivery delivery, Timing timing) {
    return plan(
        credential,
        delivery,
        new ServerAccountPlan(1, Optional.empty(), 1, 1, Duration.ofMinutes(5), "U"),
        timing);
  }

  static OnboardingPlan plan(
      CredentialKind credential, SubscriptionDelivery delivery, ServerAccountPlan account) {
    return plan(
        credential, delivery, account, new Timing(Duration.ZERO, Duration.ofSeconds(5), 1024));
  }

  private static OnboardingPlan plan(
      CredentialKind credential,
      SubscriptionDelivery delivery,
      ServerAccountPlan account,
      Timing timing) {
    return new OnboardingPlan(
        "standard",
        Tenant.PLATFORM,
        Set.of(),
        Set.of(),
        0,
        account,
        credential,
        delivery,
        Optional.of(new PlmnPolicy(List.of("26201", "26202"), false)),
        Map.of(0, Map.of(0, "operator", 1, "internet", 4, "3")),
        Map.of(4, "3600"),
        Set.of(10),
        timing);
  }

  /** For a model that comes over plain coap on loopback. */
  static OnboardingPlan planWithoutSecurity(String model) {
    return new OnboardingPlan(
        "without-security",
        "platform",
        Set.of(model),
        Set.of(),
        0,
        new ServerAccountPlan(
            1, Optional.of("coap://localhost:5683"), 1, 1, Duration.ofMinutes(5), "U"),
        CredentialKind.NO_SECURITY,
        SubscriptionDelivery.NONE,
        Optional.empty(),
        Map.of(),
        Map.of(),
        Set.of(),
        new Timing(Duration.ZERO, Duration.ofSeconds(5), 1024));
  }

  private TestPlans() {}
}
