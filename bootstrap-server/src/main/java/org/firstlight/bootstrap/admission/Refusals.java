package org.firstlight.bootstrap.admission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Refused;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.device.Waiting;
import org.firstlight.fleet.event.EventThrottle;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a refusal visible to people: an event, and on the device's record what it waits for. A
 * device that asks again and again is written down once.
 */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger("event.refused");
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final FleetState records;
  private final Clock clock;
  private final EventThrottle throttle;

  public Refusals(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
    this.throttle = new EventThrottle(QUIET, clock);
  }

  /** Completes when it is stored; fails when state is away. */
  public CompletionStage<Void> record(Refused refused) {
    if (refused.endpointName().isEmpty()) {
      LOG.info("a Bootstrap-Request without a usable name: {}", refused.failure().reason());
      return CompletableFuture.completedStage(null);
    }
    EndpointName endpointName = refused.endpointName().get();
    return refused.comeBackAfter().isPresent()
        ? waiting(endpointName, refused.failure().reason())
        : denied(endpointName, refused);
  }

  private CompletionStage<Void> waiting(EndpointName endpointName, String reason) {
    return records
        .edit(
            Kinds.DEVICE,
            endpointName.value(),
            endpointName.value(),
            stored -> nowWaiting(stored, reason))
        .thenApply(done -> null);
  }

  private Optional<Change> nowWaiting(Stored<Device> stored, String reason) {
    Device device = stored.value();
    if (device.waiting().filter(waiting -> waiting.reason().equals(reason)).isPresent()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    LOG.info("{} is told to come later: {}", device.endpointName(), reason);
    return Optional.of(
        Change.in(device.endpointName().value())
            .put(
                Kinds.DEVICE,
                stored.id(),
                stored.version(),
                device.withWaiting(Optional.of(new Waiting(reason, now))))
            .event(
                new FleetEvent(
                    now,
                    "device.waiting",
                    Optional.of(device.endpointName()),
                    device.owner(),
                    Map.of("reason", reason)))
            .build());
  }

  private CompletionStage<Void> denied(EndpointName endpointName, Refused refused) {
    String reason = refused.failure().reason();
    if (!throttle.allow(endpointName + " " + reason)) {
      return CompletableFuture.completedStage(null);
    }
    LOG.info("{} is refused: {}", endpointName, reason);
    return records
        .commit(
            Change.in(endpointName.value())
                .event(
                    new FleetEvent(
                        clock.instant(),
                        "device.refused",
                        Optional.of(endpointName),
                        refused.device().flatMap(stored -> stored.value().owner()),
                        Map.of("code", refused.failure().code().name(), "reason", reason)))
                .build())
        .thenApply(done -> null);
  }
}
