package org.firstlight.bootstrap.plan;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Admitted;
import org.firstlight.bootstrap.plan.PlanComposer.Ingredients;
import org.firstlight.bootstrap.plan.PlanOutcome.NotYet;
import org.firstlight.bootstrap.plan.PlanOutcome.Rejected;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.objects.ObjectModels;

/** Finds what a device's plan is made of, composes and checks it. */
public final class Planning {
  private final FleetState records;
  private final Supplier<List<OnboardingPlan>> plans;
  private final Supplier<ObjectModels> models;
  private final KeyEncryption encryption;
  private final String serverUri;
  private final Clock clock;

  /**
   * @param plans every onboarding plan
   * @param encryption opens a plan's secrets
   * @param serverUri this platform's LwM2M Server, for plans that name no other
   */
  public Planning(
      FleetState records,
      Supplier<List<OnboardingPlan>> plans,
      Supplier<ObjectModels> models,
      KeyEncryption encryption,
      String serverUri,
      Clock clock) {
    this.records = records;
    this.plans = plans;
    this.models = models;
    this.encryption = encryption;
    this.serverUri = serverUri;
    this.clock = clock;
  }

  /** Fails only when state is away. */
  public CompletionStage<PlanOutcome> plan(Admitted admitted) {
    return records
        .findAll(Kinds.SUBSCRIPTION, admitted.endpointName().value())
        .thenCompose(all -> plan(admitted, all.stream().map(Stored::value).toList()));
  }

  private CompletionStage<PlanOutcome> plan(
      Admitted admitted, List<SealedSubscription> subscriptions) {
    Device device = admitted.device().value();
    Optional<OnboardingPlan> plan =
        PlanSelection.choose(
            plans.get(), device, SubscriptionChoice.operator(subscriptions, device));
    if (plan.isEmpty()) {
      return CompletableFuture.completedStage(new NotYet("waiting for an onboarding plan"));
    }
    Optional<String> exposure = exposure(plan.get(), admitted);
    if (exposure.isPresent()) {
      return CompletableFuture.completedStage(
          new Rejected(
              plan.get().id(),
              Failure.of(
                  FailureCode.CONFLICT,
                  "plan '%s': %s".formatted(plan.get().id(), exposure.get()))));
    }
    return plan(plan.get(), device, subscription(plan.get(), device, subscriptions));
  }

  /** What would lie open that must not; nothing without security leaves loopback. */
  private static Optional<String> exposure(OnboardingPlan plan, Admitted admitted) {
    boolean without = plan.credential() == CredentialKind.NO_SECURITY;
    if (without && !admitted.device().value().mayComeWithoutSecurity()) {
      return Optional.of("this device must have a credential");
    }
    return !without && admitted.peer() instanceof Peer.Unsecured
        ? Optional.of("its credential cannot be handed over without security")
        : Optional.empty();
  }

  private Optional<SubscriptionChoice> subscription(
      OnboardingPlan plan, Device device, List<SealedSubscription> subscriptions) {
    // where there is no eUICC there is nobody to open one
    return plan.subscription() == SubscriptionDelivery.NONE || device.eid().isEmpty()
        ? Optional.empty()
        : Optional.of(SubscriptionChoice.of(subscriptions, device, clock.instant()));
  }

  private CompletionStage<PlanOutcome> plan(
      OnboardingPlan plan, Device device, Optional<SubscriptionChoice> choice) {
    if (choice.orElse(null) instanceof SubscriptionChoice.NoneYet none) {
      return CompletableFuture.completedStage(new NotYet(none.reason()));
    }
    Optional<SubscriptionChoice.Chosen> chosen = choice.map(SubscriptionChoice.Chosen.class::cast);
    String operator = chosen.map(c -> c.subscription().tenant()).orElse(plan.tenant());
    return policy(plan, operator)
        .thenApply(
            policy ->
                PlanComposer.compose(
                    models.get(),
                    encryption,
                    new Ingredients(plan, device.claim().orElseThrow(), policy, chosen, serverUri)))
        .thenApply(draft -> PlanChecker.check(models.get(), draft));
  }

  /** The plan's own policy, or else that of the operator whose subscription it delivers. */
  private CompletionStage<Optional<PlmnPolicy>> policy(OnboardingPlan plan, String operator) {
    return plan.plmn().isPresent()
        ? CompletableFuture.completedStage(plan.plmn())
        : records
            .find(Kinds.TENANT, operator, operator)
            .thenApply(tenant -> tenant.flatMap(stored -> stored.value().plmnPolicy()));
  }
}
