package org.firstlight.dm.api;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.plan.DryRun;
import org.firstlight.dm.plan.PlanComparison;
import org.firstlight.dm.plan.PlanDocument;
import org.firstlight.dm.plan.Plans;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.PlanRevision;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.plan.Planning;
import org.firstlight.objects.ObjectModels;

/** Onboarding plans: saved in versions, compared, tried on a device. */
final class PlanRoutes {
  private static final int LARGEST = 256 * 1024;
  private static final String DRAFT = "draft";

  private final Plans plans;
  private final Devices devices;
  private final Parts parts;

  /**
   * @param models for values
   * @param addresses of this platform's LwM2M Servers
   */
  record Parts(
      FleetState records,
      Supplier<ObjectModels> models,
      KeyEncryption encryption,
      Supplier<LwM2mAddresses> addresses,
      Clock clock) {}

  PlanRoutes(Devices devices, Parts parts) {
    this.plans = new Plans(parts.records(), parts.clock());
    this.devices = devices;
    this.parts = parts;
  }

  record Version(
      long version, Optional<Instant> savedAt, String savedBy, Optional<String> comment) {
    static Version of(OnboardingPlan plan) {
      PlanRevision revision = plan.revision().orElseThrow();
      return new Version(
          revision.number(), revision.savedAt(), revision.savedBy(), revision.comment());
    }
  }

  record Compared(long from, long to, List<PlanComparison.Difference> differences) {}

  /**
   * @param planId the plan that `version` or `plan` stands in for
   * @param version an earlier one, as if it were the plan
   * @param plan a document that nobody has saved yet, as if it were
   */
  record Trial(
      String endpointName,
      Optional<String> planId,
      Optional<Long> version,
      Optional<PlanDocument> plan,
      Optional<DryRun.Assumed> assume) {}

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(
            call.page((cursor, limit) -> plans.list(cursor, limit, plan -> maySee(call, plan))),
            PlanDocument::of));
  }

  Answer get(Call call) {
    Stored<OnboardingPlan> plan = seen(call);
    return Answer.ok(PlanDocument.of(plan)).withVersion(plan.version());
  }

  Answer put(Call call) {
    Optional<Stored<OnboardingPlan>> found = plans.find(call.id());
    Optional<OnboardingPlan> before = found.map(Stored::value);
    if (before.filter(plan -> !maySee(call, plan)).isPresent()) {
      // another tenant has it: its name is taken, and that is all that is told
      throw Call.refusal(FailureCode.CONFLICT, "this id is taken");
    }
    PlanDocument document = call.body(PlanDocument.class, LARGEST);
    return saved(
        call,
        Call.demand(checked(call, call.id(), document, before)),
        found.map(Stored::version).orElse(0L),
        document.comment());
  }

  private Outcome<OnboardingPlan> checked(
      Call call, String id, PlanDocument document, Optional<OnboardingPlan> before) {
    return document.check(id, call.principal(), before, parts.models().get(), parts.encryption());
  }

  private Answer saved(
      Call call, OnboardingPlan plan, long checkedVersion, Optional<String> comment) {
    Stored<OnboardingPlan> stored =
        Call.demand(
            plans.save(plan, checkedVersion, call.precondition(), call.caller().name(), comment));
    return Answer.ok(PlanDocument.of(stored)).withVersion(stored.version());
  }

  Answer delete(Call call) {
    Call.demand(plans.delete(seen(call).id(), call.precondition()));
    return Answer.nothing();
  }

  Answer versions(Call call) {
    return Answer.ok(
        Call.Items.of(
            plans.versions(seen(call)).stream()
                .filter(one -> maySee(call, one))
                .map(Version::of)
                .toList()));
  }

  Answer version(Call call) {
    long number = number(call.param("version"), "version");
    return Answer.ok(PlanDocument.of(version(call, seen(call), number), number));
  }

  Answer compare(Call call) {
    Stored<OnboardingPlan> plan = seen(call);
    long to = call.query("to").map(text -> number(text, "to")).orElse(plan.version());
    long from = call.query("from").map(text -> number(text, "from")).orElse(Math.max(1, to - 1));
    return Answer.ok(
        new Compared(
            from, to, PlanComparison.of(version(call, plan, from), version(call, plan, to))));
  }

  /** Saves an earlier version anew, secrets and all. */
  Answer restore(Call call) {
    long number = number(call.param("version"), "version");
    Stored<OnboardingPlan> now = seen(call);
    OnboardingPlan then = version(call, now, number);
    if (!then.tenant().equals(now.value().tenant())) {
      throw Call.refusal(
          FailureCode.CONFLICT, "that version is of another tenant: save the plan as it is to be");
    }
    return saved(call, then, now.version(), Optional.of("version %d again".formatted(number)));
  }

  /** A version that an earlier tenant of the plan saved is not this one's to see. */
  private OnboardingPlan version(Call call, Stored<OnboardingPlan> plan, long number) {
    OnboardingPlan found = Call.demand(plans.version(plan, number));
    if (!maySee(call, found)) {
      throw Call.refusal(FailureCode.NOT_FOUND, "there is no such version");
    }
    return found;
  }

  Answer dryRun(Call call) {
    Trial trial = call.body(Trial.class, LARGEST);
    Device device = Call.demand(devices.find(trial.endpointName(), call.principal())).value();
    Device assumed = trial.assume().map(given -> given.applied(device)).orElse(device);
    Planning planning =
        new Planning(
            parts.records(),
            ObjectModels::builtIn,
            parts.encryption(),
            parts.addresses().get().dm().toString(),
            parts.clock());
    return Answer.ok(
            DryRun.of(
                assumed,
                BlockingState.await(planning.preview(assumed, candidates(call, trial))),
                call.principal()))
        .about(device.endpointName().value());
  }

  /** Every plan, with what is tried in its plan's place. */
  private List<OnboardingPlan> candidates(Call call, Trial trial) {
    List<OnboardingPlan> all = new ArrayList<>(plans.all());
    if (trial.plan().isPresent() && trial.version().isPresent()) {
      throw Call.refusal(FailureCode.MALFORMED, "one of plan and version is tried at a time");
    }
    Optional<Stored<OnboardingPlan>> known =
        trial.planId().flatMap(plans::find).filter(found -> maySee(call, found.value()));
    Optional<OnboardingPlan> tried =
        trial
            .plan()
            .map(
                document ->
                    Call.demand(
                        checked(
                            call,
                            trial.planId().orElse(DRAFT),
                            document,
                            known.map(Stored::value))))
            .or(() -> trial.version().map(number -> version(call, named(known), number)));
    tried.ifPresent(
        plan -> {
          all.removeIf(one -> one.id().equals(plan.id()) && maySee(call, one));
          all.add(plan);
        });
    return all;
  }

  private static Stored<OnboardingPlan> named(Optional<Stored<OnboardingPlan>> known) {
    return known.orElseThrow(
        () -> Call.refusal(FailureCode.NOT_FOUND, "planId: there is no such onboarding-plan"));
  }

  private Stored<OnboardingPlan> seen(Call call) {
    return plans
        .find(call.id())
        .filter(found -> maySee(call, found.value()))
        .orElseThrow(() -> Call.refusal(FailureCode.NOT_FOUND, "there is no such onboarding-plan"));
  }

  private static boolean maySee(Call call, OnboardingPlan plan) {
    return call.principal().isAdministrator() || plan.tenant().equals(call.principal().tenant());
  }

  private static long number(String text, String field) {
    if (!text.matches("[1-9][0-9]{0,9}")) {
      throw Call.refusal(FailureCode.MALFORMED, field + ": is the number of a version");
    }
    return Long.parseLong(text);
  }
}
