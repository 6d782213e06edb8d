package org.firstlight.bootstrap.ocsp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.OcspResponder;
import org.firstlight.fleet.trust.OcspStatus;
import org.firstlight.fleet.trust.OcspStatus.Health;
import org.firstlight.kit.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps how responders do, for operators: counted here, and added to what all servers counted every
 * few seconds, so that a crowd of devices is one write.
 */
public final class OcspHealth {
  private static final Logger LOG = LoggerFactory.getLogger(OcspHealth.class);
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private record Key(String manufacturer, OcspResponder responder) {}

  private final FleetState records;
  private final Supplier<List<Manufacturer>> manufacturers;
  private final Metrics metrics;
  private final Clock clock;
  private final AtomicBoolean running = new AtomicBoolean();

  /** What is not stored yet; its counts are what is to be added. */
  private final Map<Key, Health> counted = new HashMap<>();

  private volatile Instant notBefore = Instant.MIN;

  public OcspHealth(
      FleetState records,
      Supplier<List<Manufacturer>> manufacturers,
      Metrics metrics,
      Clock clock) {
    this.records = records;
    this.manufacturers = manufacturers;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Stores now and then until the timer ends. */
  public OcspHealth start(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  void answered(OcspQuestion question, String word, Duration took) {
    metrics.time("firstlight.bootstrap.ocsp", took, "answer", word);
    Health one =
        new Health("", "", 1, 0, Optional.of(clock.instant()), Optional.empty(), Optional.empty());
    count(question, one);
  }

  void failed(OcspQuestion question, String fault) {
    metrics.count("firstlight.bootstrap.ocsp.failed");
    Health one =
        new Health(
            "", "", 0, 1, Optional.empty(), Optional.of(clock.instant()), Optional.of(fault));
    count(question, one);
  }

  /** Tells every server, whose connections of this device end. */
  void revoked(OcspQuestion question, String reason) {
    String home = question.endpointName().map(EndpointName::value).orElse(question.manufacturer());
    records
        .commit(
            Change.in(home)
                .event(
                    new FleetEvent(
                        clock.instant(),
                        "certificate.revoked",
                        question.endpointName(),
                        Optional.of(question.manufacturer()),
                        Map.of(
                            "id", question.manufacturer(),
                            "sha256", question.certificateSha256(),
                            "reason", reason)))
                .build())
        .whenComplete(
            (done, away) -> {
              if (away != null) {
                LOG.warn("a revoked certificate's connections may last: state is away", away);
              }
            });
  }

  private void count(OcspQuestion question, Health one) {
    synchronized (counted) {
      counted.merge(new Key(question.manufacturer(), question.responder()), one, OcspHealth::sum);
    }
  }

  private static Health sum(Health before, Health more) {
    return new Health(
        before.authority(),
        before.url(),
        before.answers() + more.answers(),
        before.failures() + more.failures(),
        more.answeredAt().or(before::answeredAt),
        more.failedAt().or(before::failedAt),
        more.fault());
  }

  private void tick() {
    Map<Key, Health> work;
    synchronized (counted) {
      if (counted.isEmpty()
          || clock.instant().isBefore(notBefore)
          || !running.compareAndSet(false, true)) {
        return;
      }
      work = Map.copyOf(counted);
      counted.clear();
    }
    notBefore = clock.instant().plus(PAUSE);
    Map<String, Map<Key, Health>> byManufacturer = new HashMap<>();
    work.forEach(
        (key, health) ->
            byManufacturer
                .computeIfAbsent(key.manufacturer(), id -> new HashMap<>())
                .put(key, health));
    var all =
        byManufacturer.entrySet().stream()
            .map(one -> store(one.getKey(), one.getValue()).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).whenComplete((done, never) -> running.set(false));
  }

  private CompletionStage<Void> store(String id, Map<Key, Health> more) {
    return CompletableFuture.completedStage(null)
        .thenCompose(now -> records.find(Kinds.OCSP_STATUS, id, id))
        .thenCompose(stored -> records.commit(change(id, stored, more)))
        .handle(
            (outcome, away) -> {
              if (away != null || !(outcome instanceof CommitOutcome.Committed)) {
                LOG.debug("how OCSP responders do could not be stored", away);
                giveBack(more);
              }
              return null;
            });
  }

  /** Counted again, before what came meanwhile. */
  private void giveBack(Map<Key, Health> more) {
    synchronized (counted) {
      more.forEach((key, health) -> counted.merge(key, health, (newer, old) -> sum(old, newer)));
    }
  }

  private Change change(String id, Optional<Stored<OcspStatus>> stored, Map<Key, Health> more) {
    OcspStatus before = stored.map(Stored::value).orElse(new OcspStatus(id, List.of()));
    Change.Builder change = Change.in(id);
    List<Health> now = new ArrayList<>();
    // what the manufacturer no longer names is not kept
    for (OcspResponder responder : named(id)) {
      Health old = before.of(responder);
      Health next =
          Optional.ofNullable(more.get(new Key(id, responder))).map(m -> sum(old, m)).orElse(old);
      now.add(next);
      if (old.fault().isPresent() != next.fault().isPresent()) {
        change.event(event(id, responder, next.fault()));
      }
    }
    return change
        .put(Kinds.OCSP_STATUS, id, stored.map(Stored::version).orElse(0L), new OcspStatus(id, now))
        .build();
  }

  private List<OcspResponder> named(String id) {
    return manufacturers.get().stream()
        .filter(one -> one.id().equals(id))
        .flatMap(one -> one.ocspResponders().stream())
        .toList();
  }

  private FleetEvent event(String id, OcspResponder responder, Optional<String> fault) {
    Map<String, String> details = new HashMap<>();
    details.put("id", id);
    // a query may be somebody's token
    details.put("url", responder.url().replaceFirst("\\?.*", ""));
    details.put("change", fault.isPresent() ? "failed" : "answers");
    fault.ifPresent(
        why -> {
          details.put("reason", why);
          LOG.warn("an OCSP responder of manufacturer '{}' is of no use: {}", id, why);
        });
    return new FleetEvent(
        clock.instant(), "ocsp-responder.changed", Optional.empty(), Optional.of(id), details);
  }
}
