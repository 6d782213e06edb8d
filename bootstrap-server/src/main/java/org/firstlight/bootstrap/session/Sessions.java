package org.firstlight.bootstrap.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Admitted;
import org.firstlight.bootstrap.transport.BootstrapRequest;
import org.firstlight.bootstrap.transport.Downlink;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Exchange;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.plan.PlanOutcome;
import org.firstlight.kit.plan.SubscriptionChoice;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.leshan.LeshanModels;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of this server: one per endpoint, each stored before its first exchange. */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final Logger BOOTSTRAPPED = LoggerFactory.getLogger("event.bootstrapped");
  private static final Logger FAILED = LoggerFactory.getLogger("event.bootstrap-failed");

  /** State that is away this long after a Finish loses the session's end. */
  private static final int STORE_ATTEMPTS = 120;

  private static final Duration STORE_AGAIN = Duration.ofSeconds(2);

  /** Who watches a session does not see its exchanges sooner. */
  private static final Duration SHOWN_EVERY = Duration.ofMillis(500);

  private final SessionRecords records;
  private final Supplier<ObjectModels> models;
  private final Runnable over;
  private final Metrics metrics;
  private final Clock clock;
  private final ConcurrentMap<EndpointName, SessionRun> running = new ConcurrentHashMap<>();
  private volatile @Nullable Newest newest;

  /** The models of one moment, as a session's codecs take them. */
  private record Newest(ObjectModels of, LwM2mModel model) {}

  /**
   * @param over called when a session that began has ended
   */
  public Sessions(
      FleetState records,
      Supplier<ObjectModels> models,
      Runnable over,
      Metrics metrics,
      Clock clock) {
    this.over = over;
    this.records = new SessionRecords(records, clock);
    this.models = models;
    this.metrics = metrics;
    this.clock = clock;
    metrics.gauge("firstlight.bootstrap.sessions.running", running::size);
  }

  /**
   * Stores the session and ends an older one of the same endpoint.
   *
   * @return what begins the exchanges, once the device has its 2.04; empty if somebody changed the
   *     device at the same moment: it shall ask again
   */
  public CompletionStage<Optional<Runnable>> open(SessionStart start) {
    SessionLog log = new SessionLog(start);
    return records
        .begin(log)
        .thenApply(stored -> stored ? Optional.of(() -> begin(log)) : Optional.empty());
  }

  /** Stores a session that ended before it could begin, as its plan is wrong. */
  public CompletionStage<Void> rejected(
      String id,
      BootstrapRequest request,
      Admitted admitted,
      PlanOutcome.Rejected plan,
      List<Step> steps) {
    metrics.failed("firstlight.bootstrap.session", plan.failure().code());
    FAILED.warn("{}: {}", admitted.endpointName(), plan.failure().reason());
    Instant at = clock.instant();
    return records.rejected(
        new BootstrapSession(
            id,
            admitted.endpointName(),
            at,
            Optional.of(at),
            request.address(),
            Optional.of(plan.planId()),
            steps,
            List.of(),
            Optional.of(plan.failure())),
        admitted.device());
  }

  private void begin(SessionLog log) {
    SessionStart start = log.start();
    Downlink device = start.request().peer().downlink(start.plan().timing());
    LwM2mModel model = newest();
    Progress progress = new Progress(log);
    SessionRun run = new SessionRun(start, device, model, clock, progress::kept);
    SessionRun older = running.put(start.endpointName(), run);
    if (older != null) {
      older.cancel();
    }
    long began = System.nanoTime();
    run.run()
        .exceptionally(
            error -> {
              LOG.error("session {} of {} broke", start.id(), start.endpointName(), error);
              return Optional.of(
                  Failure.of(FailureCode.INTERNAL, "the server failed in the session"));
            })
        .thenCompose(
            failure -> {
              Duration took = Duration.ofNanos(System.nanoTime() - began);
              return progress.settled().thenCompose(quiet -> end(log, failure, took));
            })
        .whenComplete(
            (failure, error) -> {
              running.remove(start.endpointName(), run);
              over.run();
              tell(start, failure, error);
            });
  }

  private LwM2mModel newest() {
    ObjectModels now = models.get();
    Newest last = newest;
    if (last == null || last.of() != now) {
      last = new Newest(now, LeshanModels.newest(now.all()));
      newest = last;
    }
    return last.model();
  }

  private CompletionStage<Optional<Failure>> end(
      SessionLog log, Optional<Failure> failure, Duration took) {
    Instant at = clock.instant();
    metrics.time(
        "firstlight.bootstrap.session", took, "ended", failure.isEmpty() ? "well" : "badly");
    if (failure.isPresent()) {
      metrics.failed("firstlight.bootstrap.session", failure.get().code());
      Step step =
          new Step(
              "bootstrap",
              at,
              took.toMillis(),
              false,
              Map.of("reason", failure.get().reason(), "writes", Long.toString(log.writes())));
      return again(() -> records.failed(log, step, failure.get()), 3);
    }
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step(
            "bootstrap", at, took.toMillis(), true, Map.of("writes", Long.toString(log.writes()))));
    log.start()
        .plan()
        .subscription()
        .map(chosen -> subscription(chosen, log, at))
        .ifPresent(steps::add);
    // the device has its Finish: this must not get lost
    return again(() -> records.finished(log, steps), STORE_ATTEMPTS);
  }

  private static Step subscription(SubscriptionChoice.Chosen chosen, SessionLog log, Instant at) {
    String delivery = log.start().plan().delivery().word();
    boolean there = chosen instanceof SubscriptionChoice.OnTheEuicc;
    return new Step(
        "subscription",
        at,
        log.took("/505/0/3"),
        true,
        there
            ? Map.of("delivery", delivery, "receipt", "verified", "note", "already on the eUICC")
            : Map.of("delivery", delivery));
  }

  /** Stores, and tries again while state is away. */
  private static CompletionStage<Optional<Failure>> again(
      Supplier<CompletionStage<Optional<Failure>>> store, int attempts) {
    return store
        .get()
        .handle(
            (result, error) -> {
              if (error == null) {
                return CompletableFuture.<Optional<Failure>>completedStage(result);
              }
              if (attempts <= 1) {
                return CompletableFuture.<Optional<Failure>>failedStage(error);
              }
              return CompletableFuture.supplyAsync(
                      () -> again(store, attempts - 1),
                      CompletableFuture.delayedExecutor(
                          STORE_AGAIN.toMillis(), TimeUnit.MILLISECONDS))
                  .thenCompose(stage -> stage);
            })
        .thenCompose(stage -> stage);
  }

  private static void tell(SessionStart start, Optional<Failure> failure, Throwable error) {
    if (error != null) {
      LOG.error(
          "the end of session {} of {} could not be stored",
          start.id(),
          start.endpointName(),
          error);
    } else if (failure.isPresent()) {
      FAILED.info(
          "{}: {} ({})", start.endpointName(), failure.get().reason(), failure.get().code());
    } else {
      BOOTSTRAPPED.info("{} by plan '{}'", start.endpointName(), start.plan().id());
    }
  }

  /**
   * Stores the exchanges of a session that takes its time, the newest stand, for who watches. One
   * that ends sooner is stored with its end alone.
   */
  private final class Progress {
    private final SessionLog log;
    private CompletionStage<Void> last = CompletableFuture.completedStage(null);
    private boolean due;
    private boolean settled;

    Progress(SessionLog log) {
      this.log = log;
    }

    synchronized void kept(Exchange exchange) {
      log.add(exchange);
      if (!due) {
        due = true;
        CompletableFuture.delayedExecutor(SHOWN_EVERY.toMillis(), TimeUnit.MILLISECONDS)
            .execute(this::store);
      }
    }

    private synchronized void store() {
      due = false;
      if (!settled) {
        last = last.thenCompose(done -> records.progress(log).handle((stored, error) -> null));
      }
    }

    /** When nothing of this is under way: what comes then is not overwritten. */
    synchronized CompletionStage<Void> settled() {
      settled = true;
      return last;
    }
  }
}
