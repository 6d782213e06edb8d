package org.firstlight.dm.custody;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Leases;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops the sealed bytes of packages that no eUICC takes any more, on the one node that has the
 * lease. It goes round all packages without end, a page in a minute, so that it is never felt.
 */
public final class PackageExpiry {
  private static final Logger LOG = LoggerFactory.getLogger(PackageExpiry.class);
  private static final Duration TICK = Duration.ofMinutes(1);

  /** Longer than some ticks: a round stays with its node. */
  private static final Duration LEASE = Duration.ofMinutes(5);

  /** A bootstrap session that began in time may still be writing the package. */
  private static final Duration GRACE = Duration.ofHours(1);

  private static final int PAGE = 500;

  private final FleetState records;
  private final Leases leases;
  private final Clock clock;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile Optional<String> cursor = Optional.empty();

  public PackageExpiry(FleetState records, Leases leases, Clock clock, String node) {
    this.records = records;
    this.leases = leases;
    this.clock = clock;
    this.node = node;
  }

  /** Ticks until the executor is shut down. */
  public void start(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(this::tick, TICK.toSeconds(), TICK.toSeconds(), TimeUnit.SECONDS);
  }

  /** One page at a time; a page that state interrupts is tried again at the next tick. */
  private void tick() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    page()
        .whenComplete(
            (done, fault) -> {
              running.set(false);
              if (fault != null) {
                LOG.debug("packages could not be expired now", fault);
              }
            });
  }

  /** Expires what the next page has, if this node has the lease. */
  CompletionStage<Void> page() {
    return leases
        .take("subscription-expiry", node, LEASE)
        .thenCompose(mine -> mine ? expire() : CompletableFuture.<Void>completedStage(null));
  }

  private CompletionStage<Void> expire() {
    Instant now = clock.instant();
    return records
        .list(Kinds.SUBSCRIPTION, cursor, PAGE, one -> isOver(one, now))
        .thenCompose(
            page ->
                CompletableFuture.allOf(
                        page.items().stream()
                            .map(stored -> expire(stored.value(), now).toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new))
                    .thenAccept(done -> cursor = page.next()));
  }

  private static boolean isOver(SealedSubscription one, Instant now) {
    return one.sealed().isPresent() && one.notAfter().plus(GRACE).isBefore(now);
  }

  private CompletionStage<?> expire(SealedSubscription found, Instant now) {
    return records.edit(
        Kinds.SUBSCRIPTION,
        found.endpointName().value(),
        found.packageId(),
        stored ->
            isOver(stored.value(), now) ? Optional.of(expired(stored, now)) : Optional.empty());
  }

  private static Change expired(Stored<SealedSubscription> stored, Instant now) {
    SealedSubscription before = stored.value();
    SealedSubscription after = before.outOfTime(now);
    Change.Builder change =
        Change.in(before.endpointName().value())
            .put(Kinds.SUBSCRIPTION, before.packageId(), stored.version(), after);
    if (after.state() == SubscriptionState.EXPIRED) {
      change.event(
          new FleetEvent(
              now,
              "subscription.expired",
              Optional.of(before.endpointName()),
              Optional.of(before.tenant()),
              Map.of("package", before.packageId(), "operator", before.operatorId())));
    }
    return change.build();
  }
}
