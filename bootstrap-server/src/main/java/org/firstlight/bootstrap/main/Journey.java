package org.firstlight.bootstrap.main;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.firstlight.bootstrap.admission.Admission;
import org.firstlight.bootstrap.admission.AdmissionOutcome;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Admitted;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Refused;
import org.firstlight.bootstrap.admission.Crowd;
import org.firstlight.bootstrap.admission.Refusals;
import org.firstlight.bootstrap.enrolment.Enrolled;
import org.firstlight.bootstrap.enrolment.Enrolment;
import org.firstlight.bootstrap.session.SessionStart;
import org.firstlight.bootstrap.session.Sessions;
import org.firstlight.bootstrap.transport.BootstrapAnswer;
import org.firstlight.bootstrap.transport.BootstrapAnswer.Begin;
import org.firstlight.bootstrap.transport.BootstrapAnswer.NotNow;
import org.firstlight.bootstrap.transport.BootstrapAnswer.Refuse;
import org.firstlight.bootstrap.transport.BootstrapHandler;
import org.firstlight.bootstrap.transport.BootstrapRequest;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.bootstrap.trust.Peers;
import org.firstlight.bootstrap.trust.Peers.Known;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.session.Step;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.plan.CheckedPlan;
import org.firstlight.kit.plan.PlanOutcome;
import org.firstlight.kit.plan.Planning;

/** One Bootstrap-Request's way: trust, admission, plan, enrolment, session. */
final class Journey implements BootstrapHandler {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration WHEN_CORRECTED = Duration.ofHours(1);
  private static final Duration WHEN_BACK = Duration.ofSeconds(30);

  private final Crowd crowd;
  private final Peers peers;
  private final Admission admission;
  private final Refusals refusals;
  private final Supplier<List<OnboardingPlan>> plans;
  private final Planning planning;
  private final Enrolment enrolment;
  private final Sessions sessions;
  private final Metrics metrics;
  private final Executor work;
  private final Clock clock;

  /**
   * The steps, in order.
   *
   * @param plans every onboarding plan
   */
  record Steps(
      Crowd crowd,
      Peers peers,
      Admission admission,
      Refusals refusals,
      Supplier<List<OnboardingPlan>> plans,
      Planning planning,
      Enrolment enrolment,
      Sessions sessions) {}

  /**
   * @param work for key generation and composing, so that no protocol thread does it
   */
  Journey(Steps steps, Metrics metrics, Executor work, Clock clock) {
    this.crowd = steps.crowd();
    this.peers = steps.peers();
    this.admission = steps.admission();
    this.refusals = steps.refusals();
    this.plans = steps.plans();
    this.planning = steps.planning();
    this.enrolment = steps.enrolment();
    this.sessions = steps.sessions();
    this.metrics = metrics;
    this.work = work;
    this.clock = clock;
  }

  @Override
  public CompletionStage<BootstrapAnswer> handle(BootstrapRequest request) {
    if (!crowd.enter()) {
      BootstrapAnswer later = new NotNow("many devices come at once", crowd.comeBack());
      count(later);
      return CompletableFuture.completedStage(later);
    }
    Travel travel = new Travel(request, clock);
    return CompletableFuture.supplyAsync(() -> identify(travel), work)
        .thenCompose(stage -> stage)
        .whenComplete(
            (answer, error) -> {
              count(answer);
              if (!(answer instanceof Begin)) {
                crowd.leave();
              }
            });
  }

  private CompletionStage<BootstrapAnswer> identify(Travel travel) {
    return peers
        .at(travel.request.principal())
        .thenComposeAsync(known -> identified(travel, known), work);
  }

  private CompletionStage<BootstrapAnswer> identified(Travel travel, Known known) {
    if (known instanceof Known.Nobody nobody) {
      return refuse(
          travel,
          new Refused(
              travel.request.endpointName().flatMap(EndpointName::of),
              nobody.failure(),
              Optional.empty(),
              Optional.empty()));
    }
    return admission
        .decide(((Known.As) known).peer(), travel.request.endpointName())
        .thenComposeAsync(outcome -> admitted(travel, outcome), work);
  }

  private CompletionStage<BootstrapAnswer> admitted(Travel travel, AdmissionOutcome outcome) {
    if (outcome instanceof Refused refused) {
      return refuse(travel, refused);
    }
    Admitted admitted = (Admitted) outcome;
    travel.step("admission", true, Map.of());
    boolean secured = !(admitted.peer() instanceof Peer.Unsecured);
    return planning
        .plan(admitted.device().value(), secured, plans.get())
        .thenComposeAsync(plan -> planned(travel, admitted, plan), work);
  }

  private CompletionStage<BootstrapAnswer> planned(
      Travel travel, Admitted admitted, PlanOutcome outcome) {
    if (outcome instanceof PlanOutcome.NotYet notYet) {
      return refuse(travel, admission.later(admitted.device(), notYet.reason()));
    }
    if (outcome instanceof PlanOutcome.Rejected rejected) {
      travel.step(
          "plan", false, Map.of("plan", rejected.planId(), "reason", rejected.failure().reason()));
      return rejected(travel, admitted, rejected, corrected());
    }
    CheckedPlan plan = ((PlanOutcome.Checked) outcome).plan();
    travel.step("plan", true, plan.named());
    return enrolment
        .enrol(admitted.endpointName(), admitted.peer(), plan)
        .thenComposeAsync(
            made ->
                made.refusal()
                    .map(failure -> notForIt(travel, admitted, plan, failure))
                    .orElseGet(() -> enrolled(travel, admitted, plan, made.result().orElseThrow())),
            work);
  }

  /** The plan gives what this device cannot have, or what cannot be made now. */
  private CompletionStage<BootstrapAnswer> notForIt(
      Travel travel, Admitted admitted, CheckedPlan plan, Failure failure) {
    travel.step(
        "enrolment",
        false,
        Map.of("credential", plan.credentialKind().word(), "reason", failure.reason()));
    NotNow later =
        failure.code().retryable() ? new NotNow(failure.reason(), apart(WHEN_BACK)) : corrected();
    return rejected(travel, admitted, new PlanOutcome.Rejected(plan.id(), failure), later);
  }

  private static NotNow corrected() {
    return new NotNow("its onboarding plan has to be corrected first", WHEN_CORRECTED);
  }

  private CompletionStage<BootstrapAnswer> rejected(
      Travel travel, Admitted admitted, PlanOutcome.Rejected rejected, NotNow answer) {
    return sessions
        .rejected(travel.id(), travel.request, admitted, rejected, travel.steps)
        .thenApply(stored -> answer);
  }

  private CompletionStage<BootstrapAnswer> enrolled(
      Travel travel, Admitted admitted, CheckedPlan plan, Enrolled enrolled) {
    travel.step("enrolment", true, Map.of("credential", plan.credentialKind().word()));
    return sessions
        .open(
            new SessionStart(
                travel.id(), travel.began, travel.request, admitted, plan, enrolled, travel.steps))
        .thenApply(
            session ->
                session
                    .<BootstrapAnswer>map(Begin::new)
                    .orElseGet(() -> new NotNow("the device's record is being changed", SOON)));
  }

  private CompletionStage<BootstrapAnswer> refuse(Travel travel, Refused refused) {
    BootstrapAnswer answer =
        refused
            .comeBackAfter()
            .<BootstrapAnswer>map(after -> new NotNow(refused.failure().reason(), apart(after)))
            .orElseGet(() -> new Refuse(refused.failure()));
    return refusals.record(refused, travel.request.address()).thenApply(stored -> answer);
  }

  /** Devices that were switched on at one moment do not come back at one. */
  private static Duration apart(Duration after) {
    long most = after.toMillis() / 4 + 1;
    return after.plusMillis(ThreadLocalRandom.current().nextLong(most));
  }

  private void count(BootstrapAnswer answer) {
    String word =
        answer instanceof Begin ? "begun" : answer instanceof NotNow ? "later" : "refused";
    metrics.count("firstlight.bootstrap.requests", "answer", answer == null ? "failed" : word);
  }

  /** What one request has gathered on its way. */
  private static final class Travel {
    private final BootstrapRequest request;
    private final Clock clock;
    private final Instant began;
    private final List<Step> steps = new ArrayList<>();
    private long since = System.nanoTime();

    Travel(BootstrapRequest request, Clock clock) {
      this.request = request;
      this.clock = clock;
      this.began = clock.instant();
      // a kept connection needs none: then it took no time
      long ms = request.handshake().map(Duration::toMillis).orElse(0L);
      steps.add(new Step("handshake", began, ms, true, Map.of()));
    }

    /** Adds a step that took from the last one to now. */
    void step(String name, boolean ok, Map<String, String> details) {
      long now = System.nanoTime();
      steps.add(
          new Step(name, clock.instant(), Duration.ofNanos(now - since).toMillis(), ok, details));
      since = now;
    }

    String id() {
      return "%013d-%s"
          .formatted(began.toEpochMilli(), UUID.randomUUID().toString().substring(0, 8));
    }
  }
}
