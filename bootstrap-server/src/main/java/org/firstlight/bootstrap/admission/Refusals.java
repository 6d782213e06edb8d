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
import org.firstlight.fleet.trust.KeyAlarm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a refusal visible to people: an event, and on the device's record what it waits for. A
 * device that asks again and again is written down once.
 */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger("event.refused");
  private static final Duration QUIET = Duration.ofMinutes(1);

  /** Hex digits of a hash that people compare. */
  private static final int SHORT = 16;

  private final FleetState records;
  private final Clock clock;
  private final EventThrottle throttle;

  public Refusals(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
    this.throttle = new EventThrottle(QUIET, clock);
  }

  /**
   * Completes when it is stored; fails when state is away.
   *
   * @param address of the device, for people
   */
  public CompletionStage<Void> record(Refused refused, String address) {
    if (refused.endpointName().isEmpty()) {
      LOG.info("a Bootstrap-Request without a usable name: {}", refused.failure().reason());
      return CompletableFuture.completedStage(null);
    }
    EndpointName endpointName = refused.endpointName().get();
    return refused.comeBackAfter().isPresent()
        ? waiting(endpointName, refused.failure().reason())
        : denied(endpointName, refused, address);
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

  private CompletionStage<Void> denied(EndpointName endpointName, Refused refused, String address) {
    String reason = refused.failure().reason();
    if (!throttle.allow(endpointName + " " + reason)) {
      return CompletableFuture.completedStage(null);
    }
    LOG.info("{} is refused: {}", endpointName, reason);
    Change.Builder change =
        Change.in(endpointName.value())
            .event(
                new FleetEvent(
                    clock.instant(),
                    "device.refused",
                    Optional.of(endpointName),
                    refused.device().flatMap(stored -> stored.value().owner()),
                    Map.of("code", refused.failure().code().name(), "reason", reason)));
    refused.otherKey().ifPresent(key -> alarm(change, refused, key, address));
    return records.commit(change.build()).thenApply(done -> null);
  }

  /** Whoever came holds a certificate of the device: people have to find out who that is. */
  private void alarm(Change.Builder change, Refused refused, String shown, String address) {
    Device device = refused.device().orElseThrow().value();
    String known = device.factoryKeySha256().orElseThrow();
    Instant now = clock.instant();
    LOG.warn(
        "{} came from {} with key {}, and is known by {}",
        device.endpointName(),
        address,
        inShort(shown),
        inShort(known));
    change
        .put(
            Kinds.KEY_ALARM,
            device.endpointName().value(),
            Change.ANY_VERSION,
            new KeyAlarm(now, known, shown, address))
        .event(
            new FleetEvent(
                now,
                "device.key-changed",
                Optional.of(device.endpointName()),
                device.owner(),
                Map.of(
                    "known", inShort(known),
                    "shown", inShort(shown),
                    "manufacturer", device.manufacturer(),
                    "address", address)));
  }

  private static String inShort(String sha256) {
    return sha256.substring(0, SHORT);
  }
}
