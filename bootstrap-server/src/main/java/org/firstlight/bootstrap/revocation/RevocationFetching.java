package org.firstlight.bootstrap.revocation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.firstlight.bootstrap.revocation.RevocationDownload.FailedException;
import org.firstlight.bootstrap.revocation.RevocationIntake.Wanted;
import org.firstlight.bootstrap.revocation.Revocations.Held;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Leases;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.RevocationStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what manufacturers' CAs have revoked, on the one node that has the lease: no handshake
 * waits for it.
 */
public final class RevocationFetching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFetching.class);
  private static final String NAME = "revocation-lists";
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(90);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration AFTER_A_FAULT = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** So many pauses fit into the time after which a list is stale. */
  private static final int TRIES = 4;

  private final FleetState records;
  private final Leases leases;
  private final Supplier<List<Manufacturer>> manufacturers;
  private final RevocationView view;
  private final RevocationDownload download;
  private final RevocationIntake intake;
  private final Clock clock;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();

  /** What could not be stored, and when it may be tried again. */
  private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /**
   * @param view what is held; refreshed by whoever follows events
   * @param executor for downloads
   * @param node as it takes the lease
   */
  public RevocationFetching(
      FleetState records,
      Leases leases,
      Supplier<List<Manufacturer>> manufacturers,
      RevocationView view,
      Executor executor,
      Clock clock,
      String node) {
    this.records = records;
    this.leases = leases;
    this.manufacturers = manufacturers;
    this.view = view;
    this.download = new RevocationDownload(executor, PATIENCE);
    this.intake = new RevocationIntake(view, clock);
    this.clock = clock;
    this.node = node;
  }

  /** Ticks until it is closed. */
  public RevocationFetching start(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** How many lists vouch for nobody now; empty if all do. */
  public Optional<String> inWords() {
    Map<String, Held> held = view.current().lists();
    long bad =
        wanted().values().stream()
            .filter(one -> !isFresh(held.get(one.id()), one.source()))
            .count();
    return bad == 0
        ? Optional.empty()
        : Optional.of(
            "%d revocation lists are missing or stale: devices of their CAs are refused"
                .formatted(bad));
  }

  private boolean isFresh(@Nullable Held held, RevocationSource source) {
    return held != null
        && held.list().isPresent()
        && held.status().isFresh(source, clock.instant());
  }

  @Override
  public void close() {
    closed = true;
    leases.release(NAME, node);
  }

  private void tick() {
    try {
      Map<String, Wanted> wanted = wanted();
      Map<String, Held> held = view.current().lists();
      List<Wanted> due = wanted.values().stream().filter(one -> isDue(one, held)).toList();
      Set<String> gone =
          held.keySet().stream()
              .filter(id -> !wanted.containsKey(id))
              .collect(Collectors.toUnmodifiableSet());
      if (closed || (due.isEmpty() && gone.isEmpty()) || !running.compareAndSet(false, true)) {
        return;
      }
      CompletableFuture.completedStage(null)
          .thenCompose(now -> leases.take(NAME, node, LEASE))
          .thenCompose(
              mine -> mine ? work(due, gone) : CompletableFuture.<Void>completedStage(null))
          .whenComplete(
              (done, fault) -> {
                running.set(false);
                if (fault != null) {
                  LOG.warn("revocation lists could not be kept now", fault);
                }
              });
    } catch (RuntimeException fault) {
      // a timer forgets a task that throws
      LOG.error("revocation lists are not fetched", fault);
    }
  }

  private Map<String, Wanted> wanted() {
    Map<String, Wanted> wanted = new HashMap<>();
    for (Manufacturer manufacturer : manufacturers.get()) {
      if (manufacturer.state() != Manufacturer.State.RETIRED) {
        for (RevocationSource source : manufacturer.revocationLists()) {
          Wanted one = new Wanted(manufacturer, source);
          wanted.put(one.id(), one);
        }
      }
    }
    return wanted;
  }

  private boolean isDue(Wanted wanted, Map<String, Held> held) {
    Instant instant = clock.instant();
    if (instant.isBefore(notBefore.getOrDefault(wanted.id(), Instant.MIN))) {
      return false;
    }
    Held now = held.get(wanted.id());
    if (now == null) {
      return true;
    }
    RevocationStatus status = now.status();
    Duration pause = wanted.source().staleAfter().dividedBy(TRIES);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    boolean ended =
        status
            .held()
            .flatMap(RevocationStatus.Held::nextUpdate)
            .filter(next -> !instant.isBefore(next))
            .isPresent();
    boolean bad = status.fault().isPresent() || ended || now.list().isEmpty();
    if (bad && pause.compareTo(AFTER_A_FAULT) > 0) {
      pause = AFTER_A_FAULT;
    }
    return !instant.isBefore(status.triedAt().plus(pause));
  }

  /** One after the other: lists are long, and there is time. */
  private CompletionStage<Void> work(List<Wanted> due, Set<String> gone) {
    CompletionStage<Void> all = CompletableFuture.completedStage(null);
    for (Wanted one : due) {
      all = all.thenCompose(done -> kept(one));
    }
    for (String id : gone) {
      all = all.thenCompose(done -> forget(id));
    }
    return all.thenCompose(done -> view.refresh()).thenApply(now -> null);
  }

  /** Fetches one; what goes wrong with it keeps none of the others. */
  private CompletionStage<Void> kept(Wanted one) {
    return leases
        .take(NAME, node, LEASE)
        .thenCompose(
            mine ->
                mine
                    ? fetch(one).thenApply(outcome -> outcome instanceof CommitOutcome.Committed)
                    : CompletableFuture.completedStage(true))
        .handle(
            (well, fault) -> {
              if (fault == null && well) {
                notBefore.remove(one.id());
              } else {
                notBefore.put(one.id(), clock.instant().plus(AFTER_A_FAULT));
                LOG.debug("what became of a revocation list could not be stored", fault);
              }
              return null;
            });
  }

  /** Deletes what no manufacturer names any more, as state has it now. */
  private CompletionStage<Void> forget(String id) {
    return records
        .find(Kinds.REVOCATION_STATUS, id, id)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : isNamed(found.get().value())
                        .thenCompose(
                            named ->
                                named
                                    ? CompletableFuture.completedStage(null)
                                    : records.commit(
                                        Change.in(id)
                                            .delete(
                                                Kinds.REVOCATION_STATUS, id, found.get().version())
                                            .delete(Kinds.REVOCATION_LIST, id, Change.ANY_VERSION)
                                            .build())))
        .thenApply(done -> null);
  }

  private CompletionStage<Boolean> isNamed(RevocationStatus status) {
    return records
        .find(Kinds.MANUFACTURER, status.manufacturer(), status.manufacturer())
        .thenApply(
            found ->
                found
                    .filter(maker -> maker.value().state() != Manufacturer.State.RETIRED)
                    .filter(
                        maker ->
                            maker.value().revocationLists().stream()
                                .anyMatch(source -> source.url().equals(status.url())))
                    .isPresent());
  }

  private CompletionStage<CommitOutcome> fetch(Wanted wanted) {
    return records
        .find(Kinds.REVOCATION_STATUS, wanted.id(), wanted.id())
        .thenCompose(
            stored ->
                download
                    .from(wanted.source().url())
                    .handle(
                        (list, fault) ->
                            fault == null
                                ? intake.taken(wanted, stored, list)
                                : intake.failed(wanted, stored, sentence(fault))))
        .thenCompose(records::commit);
  }

  private static String sentence(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    return cause instanceof FailedException known
        ? String.valueOf(known.getMessage())
        : "it could not be fetched";
  }
}
