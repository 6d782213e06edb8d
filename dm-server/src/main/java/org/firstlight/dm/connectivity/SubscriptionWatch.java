package org.firstlight.dm.connectivity;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.registration.DeviceListener;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a subscription that waits for its receipt whenever the device registers or is heard
 * of again, and a few times more while the eUICC is at work.
 */
public final class SubscriptionWatch implements DeviceListener {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionWatch.class);
  private static final List<Duration> LOOK_AGAIN_AFTER =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(60));

  private final FleetState records;
  private final SubscriptionReader reader;
  private final SubscriptionVerdict verdict;
  private final ScheduledExecutorService timer;

  public SubscriptionWatch(
      FleetState records,
      Operations operations,
      SubscriptionVerdict verdict,
      ScheduledExecutorService timer) {
    this.records = records;
    this.reader = new SubscriptionReader(operations);
    this.verdict = verdict;
    this.timer = timer;
  }

  @Override
  public CompletionStage<Boolean> concerns(Registration registration, Occasion occasion) {
    return pending(registration).thenApply(Optional::isPresent);
  }

  @Override
  public CompletionStage<Void> heard(Registration registration, Occasion occasion) {
    return look(registration, 0);
  }

  private CompletionStage<Void> look(Registration registration, int turn) {
    return pending(registration)
        .thenCompose(
            pending ->
                pending.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : reader
                        .read(registration)
                        .thenCompose(
                            report -> conclude(registration, pending.get(), report, turn)));
  }

  private CompletionStage<Void> conclude(
      Registration registration, SealedSubscription pending, SubscriptionReport report, int turn) {
    if (report.receipt().isEmpty() && report.failure().isEmpty()) {
      lookAgain(registration, turn);
      return CompletableFuture.completedStage(null);
    }
    return verdict.conclude(registration.endpointName(), pending.packageId(), report);
  }

  private void lookAgain(Registration registration, int turn) {
    if (turn < LOOK_AGAIN_AFTER.size()) {
      timer.schedule(
          () ->
              look(registration, turn + 1)
                  .exceptionally(
                      fault -> {
                        LOG.debug("{}: the receipt waits", registration.endpointName(), fault);
                        return null;
                      }),
          LOOK_AGAIN_AFTER.get(turn).toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  private CompletionStage<Optional<SealedSubscription>> pending(Registration registration) {
    return records
        .findAll(Kinds.SUBSCRIPTION, registration.endpointName().value())
        .thenApply(
            all ->
                all.stream()
                    .map(Stored::value)
                    .filter(one -> one.state() == SubscriptionState.INSTALL_PENDING)
                    .max(Comparator.comparing(SealedSubscription::stateSince)));
  }
}
