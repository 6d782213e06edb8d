package org.firstlight.dm.plan;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.firstlight.dm.inventory.Documents;
import org.firstlight.dm.inventory.Documents.Precondition;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.PlanRevision;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;

/**
 * Onboarding plans with their versions: each saving is kept, with who made it, until the plan is
 * deleted or there are too many.
 */
public final class Plans {
  private static final int MOST_VERSIONS = 100;
  private static final String WHAT = "onboarding-plan";

  private final FleetState records;
  private final BlockingState state;
  private final Clock clock;

  public Plans(FleetState records, Clock clock) {
    this.records = records;
    this.state = new BlockingState(records);
    this.clock = clock;
  }

  /** Every plan as it is now. */
  public List<OnboardingPlan> all() {
    return state.listAll(Kinds.PLAN, plan -> true).stream().map(Stored::value).toList();
  }

  /** A page of those that pass the filter. */
  public Page<OnboardingPlan> list(
      Optional<String> cursor, int limit, Predicate<OnboardingPlan> filter) {
    return state.list(Kinds.PLAN, cursor, limit, filter);
  }

  public Optional<Stored<OnboardingPlan>> find(String id) {
    return state.find(Kinds.PLAN, id);
  }

  /**
   * Saves a plan as a version of its own.
   *
   * @param version of the plan that the caller has checked, 0 where there was none
   * @param by name of who saves it
   */
  public Outcome<Stored<OnboardingPlan>> save(
      OnboardingPlan plan,
      long version,
      Precondition precondition,
      String by,
      Optional<String> comment) {
    Optional<Stored<OnboardingPlan>> before =
        find(plan.id()).filter(found -> found.version() == version);
    return Documents.admitted(precondition, version)
        .then(expected -> commit(plan, expected, before, by, comment));
  }

  private Outcome<Stored<OnboardingPlan>> commit(
      OnboardingPlan plan,
      long expected,
      Optional<Stored<OnboardingPlan>> before,
      String by,
      Optional<String> comment) {
    String id = plan.id();
    OnboardingPlan saved =
        plan.saved(new PlanRevision(expected + 1, Optional.of(clock.instant()), by, comment));
    Change.Builder change =
        Change.in(id)
            .put(Kinds.PLAN, id, expected, saved)
            .put(Kinds.PLAN_REVISION, PlanRevision.id(expected + 1), Change.ANY_VERSION, saved)
            .event(changed(saved, "saved"));
    before
        .filter(was -> was.value().revision().filter(of -> of.number() == expected).isEmpty())
        .ifPresent(was -> change.edits(List.of(keptAfterAll(was))));
    if (!(state.commit(change.build()) instanceof CommitOutcome.Committed)) {
      return Outcome.refused(IfMatch.lost());
    }
    BlockingState.await(records.prune(Kinds.PLAN_REVISION, id, MOST_VERSIONS));
    return Outcome.done(new Stored<>(id, saved, expected + 1));
  }

  /** A version that an earlier release saved, or the platform itself. */
  private static Change.Edit<OnboardingPlan> keptAfterAll(Stored<OnboardingPlan> was) {
    PlanRevision revision =
        new PlanRevision(was.version(), Optional.empty(), "the platform", Optional.empty());
    return new Change.Edit.Put<>(
        Kinds.PLAN_REVISION,
        PlanRevision.id(was.version()),
        Change.ANY_VERSION,
        was.value().saved(revision));
  }

  /** Deletes a plan with all its versions. */
  public Outcome<Boolean> delete(String id, Precondition precondition) {
    Optional<Stored<OnboardingPlan>> found = find(id);
    if (found.isEmpty()) {
      return Outcome.refused(FailureCode.NOT_FOUND, "there is no such " + WHAT);
    }
    long version = found.get().version();
    Precondition meant =
        precondition.ifMatch().isPresent()
            ? precondition
            : new Precondition(Optional.of(version), false);
    return Documents.admitted(meant, version)
        .then(
            expected -> {
              Change.Builder change =
                  Change.in(id)
                      .delete(Kinds.PLAN, id, expected)
                      .event(changed(found.get().value(), "deleted"));
              state
                  .findAll(Kinds.PLAN_REVISION, id)
                  .forEach(one -> change.delete(Kinds.PLAN_REVISION, one.id(), Change.ANY_VERSION));
              return state.commit(change.build()) instanceof CommitOutcome.Committed
                  ? Outcome.done(true)
                  : Outcome.refused(IfMatch.lost());
            });
  }

  /** The versions that are kept, the newest first. */
  public List<OnboardingPlan> versions(Stored<OnboardingPlan> plan) {
    List<OnboardingPlan> kept =
        new ArrayList<>(
            state.findAll(Kinds.PLAN_REVISION, plan.id()).stream().map(Stored::value).toList());
    Collections.reverse(kept);
    boolean current =
        plan.value().revision().filter(of -> of.number() == plan.version()).isPresent();
    if (!current) {
      kept.add(0, keptValue(plan));
    }
    return kept;
  }

  private static OnboardingPlan keptValue(Stored<OnboardingPlan> plan) {
    return ((Change.Edit.Put<OnboardingPlan>) keptAfterAll(plan)).value();
  }

  public Outcome<OnboardingPlan> version(Stored<OnboardingPlan> plan, long number) {
    return versions(plan).stream()
        .filter(one -> one.revision().filter(of -> of.number() == number).isPresent())
        .findFirst()
        .map(Outcome::done)
        .orElseGet(
            () ->
                Outcome.refused(FailureCode.NOT_FOUND, "version %d is not kept".formatted(number)));
  }

  private FleetEvent changed(OnboardingPlan plan, String how) {
    return new FleetEvent(
        clock.instant(),
        WHAT + ".changed",
        Optional.empty(),
        Optional.of(plan.tenant()),
        Map.of("id", plan.id(), "change", how));
  }
}
