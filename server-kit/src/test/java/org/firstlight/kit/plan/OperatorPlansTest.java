package org.firstlight.kit.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.fleet.tenant.Tenant;
import org.junit.jupiter.api.Test;

class OperatorPlansTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Eid EID = new Eid("89033023426200000000005509871240");
  private static final Device DEVICE =
      new Device(
          new EndpointName("urn:dev:1"),
          "acme",
          "1",
          Optional.empty(),
          "model",
          "1",
          Optional.of(EID),
          Optional.empty(),
          Optional.of(new Claim("things", NOW, List.of())),
          DeviceState.CLAIMED,
          NOW,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Optional.empty());

  private static OnboardingPlan plan(String id, String tenant, int priority) {
    return new OnboardingPlan(
        id,
        tenant,
        Set.of(),
        Set.of(),
        priority,
        new ServerAccountPlan(1, Optional.empty(), 1, 0, Duration.ofMinutes(5), "U"),
        CredentialKind.ISSUED_KEY,
        SubscriptionDelivery.PUSH,
        Optional.empty(),
        Map.of(),
        Map.of(),
        Set.of(),
        new Timing(Duration.ZERO, Duration.ofSeconds(5), 1024));
  }

  private static SealedSubscription of(String tenant, long counter, SubscriptionState state) {
    return new SealedSubscription(
        tenant + counter,
        tenant,
        tenant,
        EID,
        DEVICE.endpointName(),
        counter,
        NOW,
        NOW.plusSeconds(60),
        "00",
        Optional.of("AAAA"),
        state,
        NOW,
        "",
        Optional.empty(),
        Optional.empty());
  }

  private static Optional<String> chosen(
      List<OnboardingPlan> plans, SealedSubscription... subscriptions) {
    return PlanSelection.choose(
            PlanSelection.judge(
                plans, DEVICE, SubscriptionChoice.operator(List.of(subscriptions), DEVICE)))
        .map(OnboardingPlan::id);
  }

  @Test
  void plan_of_an_operator_without_a_subscription_here_takes_no_device_whatever_its_priority() {
    List<OnboardingPlan> plans =
        List.of(plan("grab", "rival", 1_000_000), plan("all", Tenant.PLATFORM, 0));

    assertThat(chosen(plans, of("north", 1, SubscriptionState.ASSIGNED))).contains("all");
    assertThat(chosen(plans)).contains("all");
    assertThat(chosen(plans.subList(0, 1))).isEmpty();
  }

  @Test
  void plan_of_the_operator_whose_subscription_is_here_counts_by_its_priority() {
    List<OnboardingPlan> plans = List.of(plan("own", "north", 1), plan("all", Tenant.PLATFORM, 0));

    assertThat(chosen(plans, of("north", 1, SubscriptionState.ASSIGNED))).contains("own");
  }

  @Test
  void failed_subscription_gives_way_to_another_operators_whatever_its_counter() {
    SealedSubscription failed = of("north", 9, SubscriptionState.FAILED);
    SealedSubscription assigned = of("south", 1, SubscriptionState.ASSIGNED);

    assertThat(SubscriptionChoice.operator(List.of(failed, assigned), DEVICE)).contains("south");
    assertThat(SubscriptionChoice.operator(List.of(failed), DEVICE)).contains("north");
    assertThat(SubscriptionChoice.of(List.of(failed, assigned), DEVICE, NOW))
        .isEqualTo(new SubscriptionChoice.Push(assigned));
  }
}
