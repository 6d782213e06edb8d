package org.firstlight.dm.certificate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Leases;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wishes another certificate for those devices whose time has come: with a third of its time left
 * for one that was handed over, with a sixth for one that the device fetches by EST, as it should
 * have renewed it by itself. On one node at a time, a few devices a minute: a fleet that was
 * enrolled in one day does not bootstrap in one minute.
 */
public final class DueRenewals {
  private static final Logger LOG = LoggerFactory.getLogger(DueRenewals.class);
  private static final Duration TICK = Duration.ofMinutes(1);
  private static final Duration LEASE = Duration.ofMinutes(5);

  /** Told so long ago and nothing came of it, it is told again. */
  private static final Duration AGAIN = Duration.ofDays(1);

  private static final int AT_A_TIME = 100;
  private static final Search BY_END =
      new Search(Set.of(), Optional.empty(), DeviceIndex.BY_CERTIFICATE_END, false);

  private final FleetState records;
  private final Leases leases;
  private final RenewalWishes wishes;
  private final ScheduledExecutorService timer;
  private final Clock clock;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile Optional<String> cursor = Optional.empty();

  public DueRenewals(
      FleetState records,
      Leases leases,
      RenewalWishes wishes,
      ScheduledExecutorService timer,
      Clock clock,
      String node) {
    this.records = records;
    this.leases = leases;
    this.wishes = wishes;
    this.timer = timer;
    this.clock = clock;
    this.node = node;
  }

  /** Ticks until the executor is shut down. */
  public void start() {
    timer.scheduleWithFixedDelay(this::tick, TICK.toSeconds(), TICK.toSeconds(), TimeUnit.SECONDS);
  }

  private void tick() {
    if (running.compareAndSet(false, true)) {
      page()
          .whenComplete(
              (done, fault) -> {
                running.set(false);
                if (fault != null) {
                  LOG.debug("certificates that are due could not be looked at now", fault);
                }
              });
    }
  }

  /** The next page, if this node has the lease; after the last that is due, the first again. */
  CompletionStage<Void> page() {
    return leases
        .take("certificate-renewal", node, LEASE)
        .thenCompose(
            mine ->
                mine
                    ? records
                        .search(Kinds.DEVICE, BY_END, cursor, AT_A_TIME)
                        .thenCompose(this::look)
                    : CompletableFuture.completedStage(null));
  }

  private CompletionStage<Void> look(Page<Device> page) {
    List<CompletableFuture<Boolean>> due =
        page.items().stream().map(device -> look(device.value()).toCompletableFuture()).toList();
    return CompletableFuture.allOf(due.toArray(CompletableFuture<?>[]::new))
        .thenAccept(
            done -> {
              boolean allDue = due.stream().allMatch(CompletableFuture::join);
              cursor = page.next().filter(more -> allDue);
            });
  }

  /** Whether its renewal is due, or was already: those after it may be due only then. */
  private CompletionStage<Boolean> look(Device device) {
    String home = device.endpointName().value();
    Instant now = clock.instant();
    return records
        .findAll(Kinds.CERTIFICATE, home)
        .thenCombine(
            records.find(Kinds.RENEWAL, home, home),
            (all, wish) -> {
              Optional<OperationalCertificate> current =
                  RenewalWishes.current(all).map(Stored::value);
              current
                  .filter(one -> isDue(one, now) && !isWished(one, wish.map(Stored::value), now))
                  .ifPresent(one -> wishSoon(device));
              return current.filter(one -> now.isBefore(one.renewFrom())).isEmpty();
            });
  }

  private static boolean isDue(OperationalCertificate one, Instant now) {
    Instant from = one.renewFrom();
    Duration grace =
        one.keySha256().isPresent()
            ? Duration.between(from, one.notAfter()).dividedBy(2)
            : Duration.ZERO;
    return !now.isBefore(from.plus(grace));
  }

  private static boolean isWished(
      OperationalCertificate one, Optional<RenewalWish> wish, Instant now) {
    return wish.filter(open -> open.serialNumber().equals(one.serialNumber()))
        .filter(open -> open.toldAt().map(told -> told.plus(AGAIN).isAfter(now)).orElse(true))
        .isPresent();
  }

  /** At some moment before the next tick, so that a page is not told at one. */
  private void wishSoon(Device device) {
    long wait = ThreadLocalRandom.current().nextLong(TICK.toMillis());
    timer.schedule(() -> wishes.wish(device, "time"), wait, TimeUnit.MILLISECONDS);
  }
}
