package org.firstlight.dm.registration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.registration.DeviceJournal.Entry;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/** What a registration's beginning and end mean for the device's state, journey and events. */
public final class OnboardingSteps {
  private final FleetState records;
  private final Registrations registrations;
  private final DeviceJournal journal;
  private final Refusals refusals;
  private final Clock clock;

  public OnboardingSteps(
      FleetState records, Registrations registrations, DeviceJournal journal, Clock clock) {
    this.records = records;
    this.registrations = registrations;
    this.journal = journal;
    this.refusals = new Refusals(records, clock);
    this.clock = clock;
  }

  /**
   * After a stored Register: out of {@code BOOTSTRAPPED} or {@code LOST}. A device whose Finish is
   * not yet recorded stays where it is; {@link #bootstrapped} catches up.
   *
   * @param edits to commit in the same change
   */
  CompletionStage<Optional<Device>> registered(
      Registration registration, List<Change.Edit<?>> edits) {
    return journal.write(
        registration.endpointName(),
        (device, journey) ->
            CompletableFuture.completedStage(
                Optional.of(registeredEntry(device, journey, registration, edits))));
  }

  private Entry registeredEntry(
      Device device, JourneyRecord journey, Registration registration, List<Change.Edit<?>> edits) {
    Instant now = clock.instant();
    Map<String, String> details =
        Map.of(
            "account",
            Integer.toString(registration.account()),
            "version",
            registration.lwM2mVersion());
    boolean known = journey.steps().stream().anyMatch(s -> s.name().equals("register") && s.ok());
    Step step =
        new Step(
            "register",
            registration.registeredAt(),
            Duration.between(registration.registeredAt(), now).toMillis(),
            true,
            details);
    return new Entry(
        afterRegister(device, now),
        known && device.state() != DeviceState.BOOTSTRAPPED ? Optional.empty() : Optional.of(step),
        edits,
        List.of(journal.event(device, "device.registered", details)));
  }

  private static Device afterRegister(Device device, Instant now) {
    DeviceState next =
        device.state() == DeviceState.LOST
            ? device.stateBeforeLost().orElse(DeviceState.REGISTERED)
            : device.state() == DeviceState.BOOTSTRAPPED ? DeviceState.REGISTERED : device.state();
    return next == device.state() ? device : device.become(next, now);
  }

  /**
   * Catches up with a device that was faster than the record of its bootstrap: if it registered
   * since the session began, that was with what the session gave it.
   *
   * @return the registration that counts now; empty if there was nothing to catch up with
   */
  public CompletionStage<Optional<Registration>> bootstrapped(EndpointName endpointName) {
    CompletionStage<List<Registration>> all = registrations.findAll(endpointName);
    return lastSession(endpointName)
        .thenCombine(
            all,
            (session, found) ->
                session.flatMap(
                    begun ->
                        found.stream()
                            .filter(r -> !r.registeredAt().isBefore(begun.started()))
                            .findFirst()))
        .thenCompose(
            registration ->
                registration.isEmpty()
                    ? CompletableFuture.completedStage(registration)
                    : registered(registration.get(), List.of()).thenApply(done -> registration));
  }

  /** Session of a device that stands at BOOTSTRAPPED; empty if it does not. */
  private CompletionStage<Optional<BootstrapSession>> lastSession(EndpointName endpointName) {
    String home = endpointName.value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenApply(
            found ->
                found
                    .map(Stored::value)
                    .filter(device -> device.state() == DeviceState.BOOTSTRAPPED)
                    .flatMap(Device::lastSessionId))
        .thenCompose(
            id ->
                id.isEmpty()
                    ? CompletableFuture.completedStage(Optional.empty())
                    : records
                        .find(Kinds.SESSION, home, id.get())
                        .thenApply(found -> found.map(Stored::value)));
  }

  /** After a De-register: the device keeps its state, it is only not there. */
  CompletionStage<Void> deregistered(Registration registration) {
    return event(registration, "device.deregistered");
  }

  /**
   * After its Lifetime ended: {@code LOST}, unless it is still there with another account, or there
   * again. May come twice for one registration.
   */
  CompletionStage<Void> expired(Registration registration) {
    return journal
        .write(
            registration.endpointName(),
            (device, journey) ->
                registrations
                    .findAll(registration.endpointName())
                    .thenApply(
                        left ->
                            left.isEmpty() && device.state().mayBecome(DeviceState.LOST)
                                ? Optional.of(lost(device, registration))
                                : Optional.empty()))
        .thenCompose(device -> foundAgain(registration.endpointName(), device));
  }

  /** A Register that was stored while LOST was being written saw the state before it. */
  private CompletionStage<Void> foundAgain(EndpointName endpointName, Optional<Device> device) {
    if (device.filter(now -> now.state() == DeviceState.LOST).isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    return registrations
        .findAll(endpointName)
        .thenCompose(
            there ->
                there.isEmpty()
                    ? CompletableFuture.completedStage(Optional.<Device>empty())
                    : registered(there.get(0), List.of()))
        .thenApply(done -> null);
  }

  private Entry lost(Device device, Registration registration) {
    Map<String, String> details = Map.of("account", Integer.toString(registration.account()));
    return new Entry(
        device.become(DeviceState.LOST, clock.instant()),
        Optional.empty(),
        List.of(),
        List.of(journal.event(device, "device.lost", details)));
  }

  /** Tells the operator, now and then, that a device is turned away. */
  void refused(EndpointName endpointName, Failure failure) {
    refusals.tell(endpointName, failure);
  }

  private CompletionStage<Void> event(Registration registration, String type) {
    Map<String, String> details = Map.of("account", Integer.toString(registration.account()));
    return journal
        .write(
            registration.endpointName(),
            (device, journey) ->
                CompletableFuture.completedStage(
                    Optional.of(
                        new Entry(
                            device,
                            Optional.empty(),
                            List.of(),
                            List.of(journal.event(device, type, details))))))
        .thenApply(device -> null);
  }
}
