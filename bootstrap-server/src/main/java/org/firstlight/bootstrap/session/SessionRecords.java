package org.firstlight.bootstrap.session;

import static org.firstlight.fleet.credential.RevocationReason.SUPERSEDED;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.device.Waiting;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.CommitOutcome.Conflict;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.kit.plan.SubscriptionChoice;

/** A session's turns in state: each one change of everything that it touches. */
final class SessionRecords {
  private static final int KEPT = 5;
  private static final int ATTEMPTS = 8;

  /** Bootstrap-Finish is acknowledged, and the certificate not asked for yet. */
  private static final String FETCHING = "fetching its certificate by EST";

  private final FleetState records;
  private final Clock clock;

  SessionRecords(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /** Stores the session's beginning; false if the device's record changed meanwhile. */
  CompletionStage<Boolean> begin(SessionLog log) {
    SessionStart start = log.start();
    Stored<Device> stored = start.admitted().device();
    EndpointName name = start.endpointName();
    Device device = stored.value().withLastSession(start.id()).withWaiting(Optional.empty());
    if (start.admitted().peer() instanceof Peer.Factory factory) {
      // trust on first use: another key is refused from here on
      device = device.withFactoryKey(factory.keySha256()).vouchedForBy(factory.authority());
    }
    JourneyRecord journey = new JourneyRecord(List.of());
    for (Step step : start.steps()) {
      journey = journey.and(step);
    }
    Change.Builder change =
        Change.in(name.value())
            .put(Kinds.DEVICE, stored.id(), stored.version(), device)
            .put(Kinds.SESSION, start.id(), 0, log.running())
            .put(Kinds.JOURNEY, name.value(), Change.ANY_VERSION, journey)
            .event(event(device, "device.bootstrap-started", Map.of("session", start.id())));
    for (Step step : start.steps()) {
      change.event(stepEvent(device, step));
    }
    return records
        .findAll(Kinds.CERTIFICATE, name.value())
        .thenCompose(
            found -> {
              DeviceCertificates certificates = DeviceCertificates.of(found);
              start.enrolled().begin(change, certificates);
              return records.commit(
                  change.edits(certificates.edits(clock.instant(), SUPERSEDED)).build());
            })
        .thenCompose(
            outcome ->
                records
                    .prune(Kinds.SESSION, name.value(), KEPT)
                    .handle((done, error) -> outcome instanceof CommitOutcome.Committed));
  }

  /** Stores a session that a wrong plan ended before it began; nothing was sent. */
  CompletionStage<Void> rejected(BootstrapSession session, Stored<Device> stored) {
    Failure failure = session.failure().orElseThrow();
    Device device = stored.value();
    JourneyRecord journey = new JourneyRecord(List.of());
    Change.Builder change = Change.in(stored.id());
    for (Step step : session.steps()) {
      journey = journey.and(step);
      change.event(stepEvent(device, step));
    }
    change
        .put(Kinds.DEVICE, stored.id(), stored.version(), device.withLastSession(session.id()))
        .put(Kinds.SESSION, session.id(), 0, session)
        .put(Kinds.JOURNEY, stored.id(), Change.ANY_VERSION, journey)
        .event(
            event(
                device,
                "device.bootstrap-failed",
                Map.of(
                    "session", session.id(),
                    "code", failure.code().name(),
                    "reason", failure.reason())));
    return records
        .commit(change.build())
        .thenCompose(outcome -> records.prune(Kinds.SESSION, stored.id(), KEPT));
  }

  /** Keeps the exchanges so far, for who watches. */
  CompletionStage<Void> progress(SessionLog log) {
    SessionStart start = log.start();
    return records
        .commit(
            Change.in(start.endpointName().value())
                .put(Kinds.SESSION, start.id(), Change.ANY_VERSION, log.running())
                .build())
        .thenApply(done -> null);
  }

  /**
   * Finish is acknowledged. Empty when stored; else why the device is not BOOTSTRAPPED after all.
   */
  CompletionStage<Optional<Failure>> finished(SessionLog log, List<Step> steps) {
    return turn(log, now -> finished(log, steps, now), ATTEMPTS);
  }

  /** The session came to nothing. */
  CompletionStage<Optional<Failure>> failed(SessionLog log, Step step, Failure failure) {
    return turn(
        log, now -> new Turn(failed(log, step, failure, now), Optional.of(failure)), ATTEMPTS);
  }

  /** Records as they are now. */
  private record Now(
      Optional<Stored<Device>> device,
      Optional<Stored<JourneyRecord>> journey,
      Optional<Stored<SealedSubscription>> subscription,
      Optional<Stored<OpenEnrolment>> enrolment,
      List<Stored<OperationalCertificate>> certificates) {
    /** Whether the device has its credential, or will have with this session's end. */
    boolean certified(SessionStart start) {
      return start
          .enrolled()
          .fetchedFor()
          .map(account -> has(OperationalCertificate.nextId(account)) || inUse(start))
          .orElse(true);
    }

    /** Whether the device was faster than this: what it fetched is its current one already. */
    boolean inUse(SessionStart start) {
      boolean fetched = enrolment.filter(open -> open.value().issued() > 0).isPresent();
      return start
          .enrolled()
          .fetchedFor()
          .filter(account -> fetched && !has(OperationalCertificate.nextId(account)))
          .filter(account -> has(OperationalCertificate.currentId(account)))
          .isPresent();
    }

    private boolean has(String id) {
      return certificates.stream().anyMatch(one -> one.id().equals(id));
    }

    /** Whether this session is still the device's newest. */
    boolean belongsTo(SessionStart start) {
      return device
          .flatMap(stored -> stored.value().lastSessionId())
          .filter(start.id()::equals)
          .isPresent();
    }

    JourneyRecord steps() {
      return journey.map(Stored::value).orElse(new JourneyRecord(List.of()));
    }

    long journeyVersion() {
      return journey.map(Stored::version).orElse(0L);
    }
  }

  private record Turn(Change change, Optional<Failure> failure) {}

  private interface Turning {
    Turn at(Now now);
  }

  /** Reads, changes and commits, again when somebody else was faster. */
  private CompletionStage<Optional<Failure>> turn(SessionLog log, Turning turning, int attempts) {
    return now(log)
        .thenCompose(
            now -> {
              Turn turn = turning.at(now);
              return records
                  .commit(turn.change())
                  .thenCompose(
                      outcome ->
                          outcome instanceof Conflict && attempts > 1
                              ? turn(log, turning, attempts - 1)
                              : CompletableFuture.completedStage(result(turn, outcome)));
            });
  }

  private static Optional<Failure> result(Turn turn, CommitOutcome outcome) {
    return outcome instanceof Conflict conflict
        ? Optional.of(
            Failure.of(
                FailureCode.CONFLICT, "its %s record changed too often".formatted(conflict.kind())))
        : turn.failure();
  }

  private CompletionStage<Now> now(SessionLog log) {
    String name = log.start().endpointName().value();
    CompletionStage<Optional<Stored<SealedSubscription>>> subscription =
        log.start().plan().subscription().orElse(null) instanceof SubscriptionChoice.Push push
            ? records.find(Kinds.SUBSCRIPTION, name, push.subscription().packageId())
            : CompletableFuture.completedStage(Optional.empty());
    CompletionStage<Optional<Stored<JourneyRecord>>> journey =
        records.find(Kinds.JOURNEY, name, name);
    return records
        .find(Kinds.DEVICE, name, name)
        .thenCombine(journey, Pair::new)
        .thenCombine(
            subscription,
            (read, sub) -> new Now(read.device(), read.journey(), sub, Optional.empty(), List.of()))
        .thenCompose(now -> withCredentials(log.start(), now));
  }

  private record Pair(Optional<Stored<Device>> device, Optional<Stored<JourneyRecord>> journey) {}

  /** Read after the device's record, which each turn of an enrolment writes too. */
  private CompletionStage<Now> withCredentials(SessionStart start, Now now) {
    String name = start.endpointName().value();
    CompletionStage<Optional<Stored<OpenEnrolment>>> open =
        start
            .enrolled()
            .fetchedFor()
            .map(account -> records.find(Kinds.ENROLMENT, name, OpenEnrolment.id(account)))
            .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
    return open.thenCombine(
        records.findAll(Kinds.CERTIFICATE, name),
        (enrolment, certificates) ->
            new Now(now.device(), now.journey(), now.subscription(), enrolment, certificates));
  }

  private Turn finished(SessionLog log, List<Step> steps, Now now) {
    SessionStart start = log.start();
    Optional<Failure> obstacle = obstacle(start, now);
    if (obstacle.isPresent()) {
      Step last = steps.get(0);
      Step refused = new Step(last.name(), last.at(), last.ms(), false, last.details());
      return new Turn(failed(log, refused, obstacle.get(), now), obstacle);
    }
    Instant at = clock.instant();
    Stored<Device> stored = now.device().orElseThrow();
    boolean certified = now.certified(start);
    Device device =
        certified
            ? bootstrapped(stored.value(), start, at)
            : stored.value().withWaiting(Optional.of(new Waiting(FETCHING, at)));
    JourneyRecord journey = now.steps();
    Change.Builder change = Change.in(start.endpointName().value());
    for (Step step : steps) {
      log.add(step);
      journey = journey.and(step);
      change.event(stepEvent(device, step));
    }
    change
        .put(Kinds.DEVICE, stored.id(), stored.version(), device)
        .put(Kinds.SESSION, start.id(), Change.ANY_VERSION, log.ended(at, Optional.empty()))
        .put(Kinds.JOURNEY, stored.id(), now.journeyVersion(), journey)
        // it may have registered anew by now, as Finish came to it before this came here
        .registration(new RegistrationEdit.EndAll(start.at()))
        .event(ending(device, start, certified));
    now.subscription()
        .filter(sub -> sub.value().state().mayBecome(SubscriptionState.INSTALL_PENDING))
        .ifPresent(
            sub ->
                change.put(
                    Kinds.SUBSCRIPTION,
                    sub.id(),
                    sub.version(),
                    sub.value()
                        .become(
                            SubscriptionState.INSTALL_PENDING,
                            "the device took the package; its eUICC has not answered yet",
                            at)));
    DeviceCertificates certificates = DeviceCertificates.of(now.certificates());
    start.enrolled().settle(change, certificates, now.inUse(start));
    change.edits(certificates.edits(at, SUPERSEDED));
    now.enrolment()
        .ifPresent(
            open ->
                change.put(Kinds.ENROLMENT, open.id(), open.version(), open.value().afterFinish()));
    return new Turn(change.build(), Optional.empty());
  }

  /** One that has registered meanwhile, as Finish came to it before this came here, stays there. */
  private static Device bootstrapped(Device device, SessionStart start, Instant at) {
    boolean further =
        (device.state() == DeviceState.REGISTERED || device.state() == DeviceState.CONFIGURED)
            && device.stateSince().isAfter(start.at());
    return further ? device : device.become(DeviceState.BOOTSTRAPPED, at);
  }

  private FleetEvent ending(Device device, SessionStart start, boolean certified) {
    Map<String, String> details = new HashMap<>();
    details.put("session", start.id());
    details.put("plan", start.plan().id());
    details.put("credential", start.plan().credentialKind().word());
    if (!certified) {
      details.put("reason", FETCHING);
    }
    return event(device, certified ? "device.bootstrapped" : "device.waiting", details);
  }

  private static Optional<Failure> obstacle(SessionStart start, Now now) {
    if (!now.belongsTo(start)) {
      return Optional.of(
          Failure.of(FailureCode.CONFLICT, "a newer Bootstrap-Request took its place"));
    }
    Device device = now.device().orElseThrow().value();
    if (device.revocation().isPresent()) {
      return Optional.of(
          Failure.of(FailureCode.FORBIDDEN, "the device was revoked in the meantime"));
    }
    boolean sameOwner = device.owner().equals(start.admitted().device().value().owner());
    return sameOwner && device.state().mayBecome(DeviceState.BOOTSTRAPPED)
        ? Optional.empty()
        : Optional.of(Failure.of(FailureCode.CONFLICT, "the device changed hands in the meantime"));
  }

  private Change failed(SessionLog log, Step step, Failure failure, Now now) {
    SessionStart start = log.start();
    Change.Builder change = Change.in(start.endpointName().value());
    log.add(step);
    if (now.belongsTo(start)) {
      Stored<Device> stored = now.device().orElseThrow();
      // written as it is, so that a session that begins just now and this cannot both commit
      change
          .put(Kinds.DEVICE, stored.id(), stored.version(), stored.value())
          .put(Kinds.JOURNEY, stored.id(), now.journeyVersion(), now.steps().and(step))
          .event(stepEvent(stored.value(), step))
          .event(
              event(
                  stored.value(),
                  "device.bootstrap-failed",
                  Map.of(
                      "session", start.id(),
                      "code", failure.code().name(),
                      "reason", failure.reason())));
      // a device that may have taken Finish may come with the new credential
      if (failure.code() != FailureCode.OUTCOME_UNKNOWN) {
        DeviceCertificates certificates = DeviceCertificates.of(now.certificates());
        start.enrolled().drop(change, certificates);
        change.edits(certificates.edits(clock.instant(), SUPERSEDED));
      }
    }
    return change
        .put(
            Kinds.SESSION,
            start.id(),
            Change.ANY_VERSION,
            log.ended(clock.instant(), Optional.of(failure)))
        .build();
  }

  private FleetEvent stepEvent(Device device, Step step) {
    Map<String, String> details = new HashMap<>(step.details());
    details.put("name", step.name());
    details.put("ms", Long.toString(step.ms()));
    details.put("ok", Boolean.toString(step.ok()));
    return event(device, "journey.step", details);
  }

  private FleetEvent event(Device device, String type, Map<String, String> details) {
    return new FleetEvent(
        clock.instant(), type, Optional.of(device.endpointName()), device.owner(), details);
  }
}
