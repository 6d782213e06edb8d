package org.firstlight.kit.plan;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.kit.plan.PlanComposer.Ingredients;
import org.firstlight.kit.plan.PlanOutcome.NotYet;
import org.firstlight.objects.ObjectModels;

/** Finds what a device's plan is made of, composes and checks it. */
public final class Planning {
  private final FleetState records;
  private final Supplier<ObjectModels> models;
  private final KeyEncryption encryption;
  private final String serverUri;
  private final Clock clock;

  /**
   * @param encryption opens a plan's secrets
   * @param serverUri this platform's LwM2M Server, for plans that name no other
   */
  public Planning(
      FleetState records,
      Supplier<ObjectModels> models,
      KeyEncryption encryption,
      String serverUri,
      Clock clock) {
    this.records = records;
    this.models = models;
    this.encryption = encryption;
    this.serverUri = serverUri;
    this.clock = clock;
  }

  /**
   * What is to be written to a device that may bootstrap now. Fails only when state is away.
   *
   * @param secured whether what it is told now is told in secret
   */
  public CompletionStage<PlanOutcome> plan(
      Device device, boolean secured, List<OnboardingPlan> plans) {
    return reason(device, plans)
        .thenApply(
            reasoning -> {
              if (reasoning.draft().isEmpty()) {
                return new NotYet("waiting for an onboarding plan");
              }
              PlanDraft draft = reasoning.draft().get();
              Optional<String> exposure = exposure(draft.source(), device, secured);
              if (exposure.isPresent()) {
                return PlanOutcome.rejected(draft.source(), List.of(exposure.get()));
              }
              return reasoning
                  .waiting()
                  .<PlanOutcome>map(NotYet::new)
                  .orElseGet(() -> PlanChecker.check(models.get(), draft));
            });
  }

  /**
   * What {@link #plan} would come to, for people: it issues nothing and changes nothing. Fails only
   * when state is away.
   *
   * @param plans that there would be
   */
  public CompletionStage<PlanPreview> preview(Device device, List<OnboardingPlan> plans) {
    return reason(device, plans)
        .thenApply(
            reasoning ->
                reasoning
                    .draft()
                    .map(draft -> preview(reasoning, draft, device))
                    .orElseGet(
                        () ->
                            new PlanPreview(
                                reasoning.candidates(),
                                Optional.empty(),
                                Optional.of("no onboarding plan is for this device"),
                                List.of(),
                                List.of(),
                                List.of())));
  }

  private PlanPreview preview(Reasoning reasoning, PlanDraft draft, Device device) {
    List<String> faults = new ArrayList<>(PlanChecker.faults(models.get(), draft));
    exposure(draft.source(), device, true).ifPresent(faults::add);
    List<PlannedWrite> writes = new ArrayList<>();
    writes.add(draft.security());
    writes.addAll(draft.writes());
    return new PlanPreview(
        reasoning.candidates(),
        Optional.of(draft.source()),
        reasoning.waiting(),
        faults,
        draft.deletes(),
        writes);
  }

  /**
   * @param waiting for what, where something is missing yet
   * @param draft of the plan that was chosen, as far as it can be composed
   */
  private record Reasoning(
      List<PlanCandidate> candidates, Optional<String> waiting, Optional<PlanDraft> draft) {}

  private CompletionStage<Reasoning> reason(Device device, List<OnboardingPlan> plans) {
    return records
        .findAll(Kinds.SUBSCRIPTION, device.endpointName().value())
        .thenCompose(all -> reason(device, plans, all.stream().map(Stored::value).toList()));
  }

  private CompletionStage<Reasoning> reason(
      Device device, List<OnboardingPlan> plans, List<SealedSubscription> subscriptions) {
    List<PlanCandidate> candidates =
        PlanSelection.judge(plans, device, SubscriptionChoice.operator(subscriptions, device));
    Optional<OnboardingPlan> chosen = PlanSelection.choose(candidates);
    if (chosen.isEmpty()) {
      return CompletableFuture.completedStage(
          new Reasoning(candidates, Optional.empty(), Optional.empty()));
    }
    OnboardingPlan plan = chosen.get();
    Optional<SubscriptionChoice> choice = subscription(plan, device, subscriptions);
    Optional<String> waiting =
        choice
            .filter(SubscriptionChoice.NoneYet.class::isInstance)
            .map(none -> ((SubscriptionChoice.NoneYet) none).reason());
    Optional<SubscriptionChoice.Chosen> delivered =
        choice
            .filter(SubscriptionChoice.Chosen.class::isInstance)
            .map(SubscriptionChoice.Chosen.class::cast);
    return compose(plan, device, delivered)
        .thenApply(draft -> new Reasoning(candidates, waiting, Optional.of(draft)));
  }

  /** What would lie open that must not; nothing without security leaves loopback. */
  private static Optional<String> exposure(OnboardingPlan plan, Device device, boolean secured) {
    boolean without = plan.credential() == CredentialKind.NO_SECURITY;
    if (without && !device.mayComeWithoutSecurity()) {
      return Optional.of("this device must have a credential");
    }
    return !without && !secured
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

  private CompletionStage<PlanDraft> compose(
      OnboardingPlan plan, Device device, Optional<SubscriptionChoice.Chosen> delivered) {
    String operator = delivered.map(one -> one.subscription().tenant()).orElse(plan.tenant());
    List<String> wanted = device.claim().map(Claim::preferredPlmns).orElse(List.of());
    return policy(plan, operator)
        .thenApply(
            policy ->
                PlanComposer.compose(
                    models.get(),
                    encryption,
                    new Ingredients(
                        plan,
                        wanted,
                        policy,
                        delivered,
                        serverUri,
                        device.lastSessionId().isPresent())));
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
