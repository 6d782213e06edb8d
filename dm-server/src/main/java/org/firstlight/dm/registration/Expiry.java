package org.firstlight.dm.registration;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.Leases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends registrations whose Lifetime is over, on the one node that has the lease. */
public final class Expiry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
  private static final String NAME = "registration-expiry";
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(10);
  private static final int BATCH = 256;

  private final Registrations registrations;
  private final Leases leases;
  private final OnboardingSteps steps;
  private final Contacts contacts;
  private final Clock clock;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();
  private boolean closed;

  public Expiry(
      Registrations registrations,
      Leases leases,
      OnboardingSteps steps,
      Contacts contacts,
      Clock clock,
      String node) {
    this.registrations = registrations;
    this.leases = leases;
    this.steps = steps;
    this.contacts = contacts;
    this.clock = clock;
    this.node = node;
  }

  /** Ticks until it is closed. */
  public Expiry start(ScheduledExecutorService timer) {
    timer.scheduleWithFixedDelay(
        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** Leaves the work to another node at once. */
  @Override
  public synchronized void close() {
    closed = true;
    leases.release(NAME, node);
  }

  /** One round at a time; a round that state interrupts is tried again at the next tick. */
  private synchronized void tick() {
    if (closed || !running.compareAndSet(false, true)) {
      return;
    }
    leases
        .take(NAME, node, LEASE)
        .thenCompose(mine -> mine ? expire() : CompletableFuture.<Void>completedStage(null))
        .whenComplete(
            (done, fault) -> {
              running.set(false);
              if (fault != null) {
                LOG.debug("registrations could not be expired now", fault);
              }
            });
  }

  private CompletionStage<Void> expire() {
    return registrations
        .due(clock.instant(), BATCH)
        .thenCompose(
            ended ->
                CompletableFuture.allOf(
                        ended.stream()
                            .map(registration -> end(registration).toCompletableFuture())
                            .toArray(CompletableFuture<?>[]::new))
                    .thenCompose(
                        done ->
                            ended.size() == BATCH
                                ? expire()
                                : CompletableFuture.completedStage(null)));
  }

  private CompletionStage<Void> end(Registration registration) {
    contacts.forget(registration.id());
    return steps.expired(registration);
  }
}
