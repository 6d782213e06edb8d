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
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.junit.jupiter.api.Test;

class PlanSelectionTest {
  private static final OnboardingPlan FOR_ALL = plan("a-for-all", Set.of(), Set.of(), 0);
  private static final OnboardingPlan FOR_MODEL = plan("b", Set.of("client"), Set.of("bench"), 0);

  @Test
  void of_equal_priority_the_plan_that_names_the_model_is_taken() {
    assertThat(chosen(FOR_ALL, FOR_MODEL)).isEqualTo("b");
  }

  @Test
  void a_higher_priority_comes_before_that() {
    assertThat(chosen(plan("c", Set.of(), Set.of(), 1), FOR_MODEL)).isEqualTo("c");
  }

  @Test
  void another_owners_plan_does_not_fit() {
    assertThat(chosen(plan("c", Set.of(), Set.of("other"), 9), FOR_ALL)).isEqualTo("a-for-all");
  }

  private static String chosen(OnboardingPlan... plans) {
    return PlanSelection.choose(PlanSelection.judge(List.of(plans), device(), Optional.empty()))
        .orElseThrow()
        .id();
  }

  private static OnboardingPlan plan(
      String id, Set<String> models, Set<String> owners, int priority) {
    return new OnboardingPlan(
        id,
        "platform",
        models,
        owners,
        priority,
        new ServerAccountPlan(1, Optional.empty(), 1, 0, Duration.ofMinutes(5), "U"),
        CredentialKind.PSK,
        SubscriptionDelivery.NONE,
        Optional.empty(),
        Map.of(),
        Map.of(),
        Set.of(),
        new Timing(Duration.ZERO, Duration.ofSeconds(5), 1024));
  }

  private static Device device() {
    return new Device(
        new EndpointName("bench-1"),
        "maker",
        "1",
        Optional.empty(),
        "client",
        "1",
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Claim("bench", Instant.EPOCH, List.of())),
        DeviceState.CLAIMED,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }
}
