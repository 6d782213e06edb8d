package org.firstlight.dm.registration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.registration.DeviceJournal.Entry;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
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
   * What a Register means: out of {@code BOOTSTRAPPED} or {@code LOST}. A device whose Finish is
   * not yet recorded stays where it is; {@link #bootstrapped} catches up.
   */
  Entry registered(Device device, JourneyRecord journey, Registration registration) {
    Instant now = clock.instant();
    boolean known = journey.steps().stream().anyMatch(s -> s.name().equals("register") && s.ok());
    Step step =
        new Step(
            "register",
            registration.registeredAt(),
            Duration.between(registration.registeredAt(), now).toMillis(),
            true,
            details(registration));
    return new Entry(
        afterRegister(device, now),
        known && device.state() != DeviceState.BOOTSTRAPPED ? Optional.empty() : Optional.of(step),
        List.of(),
        List.of(registeredEvent(registration, device.owner())));
  }

  FleetEvent registeredEvent(Registration registration, Optional<String> owner) {
    return new FleetEvent(
        clock.instant(),
        "device.registered",
        Optional.of(registration.endpointName()),
        owner,
        details(registration));
  }

  private static Map<String, String> details(Registration registration) {
    return Map.of(
        "account",
        Integer.toString(registration.account()),
        "version",
        registration.lwM2mVersion());
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
                    : caughtUp(registration.get()).thenApply(done -> registration));
  }

  private CompletionStage<Optional<Device>> caughtUp(Registration registration) {
    return journal.write(
        registration.endpointName(),
        (device, journey) ->
            CompletableFuture.completedStage(
                Optional.of(registered(device, journey, registration))));
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

  /** A De-register: the device keeps its state, it is only not there. */
  CompletionStage<Void> deregistered(Contact contact) {
    return journal
        .write(
            contact.endpointName(),
            (device, journey) ->
                registrations
                    .findById(contact.id())
                    .thenApply(
                        found ->
                            found.map(
                                registration ->
                                    entry(
                                        device,
                                        registration,
                                        "device.deregistered",
                                        new RegistrationEdit.End(registration.id())))))
        .thenApply(device -> null);
  }

  /**
   * The end of a Lifetime: {@code LOST}, unless the device is still there with another account.
   * Leaves all as it is if an Update came first.
   */
  CompletionStage<Void> expired(Registration registration) {
    EndpointName endpointName = registration.endpointName();
    Instant now = clock.instant();
    return journal
        .write(
            endpointName,
            (device, journey) ->
                registrations
                    .findAll(endpointName)
                    .thenApply(
                        all ->
                            all.stream()
                                .filter(r -> r.id().equals(registration.id()))
                                .filter(r -> r.expiresAt().isBefore(now))
                                .findFirst()
                                .map(ended -> expired(device, ended, now, all.size() == 1))))
        .thenCompose(
            device ->
                device.isPresent()
                    ? CompletableFuture.completedStage(null)
                    : withoutDevice(registration, now));
  }

  private Entry expired(Device device, Registration ended, Instant now, boolean last) {
    RegistrationEdit expire = new RegistrationEdit.Expire(ended.id(), now, last);
    return last && device.state().mayBecome(DeviceState.LOST)
        ? entry(device.become(DeviceState.LOST, now), ended, "device.lost", expire)
        : new Entry(device, Optional.empty(), List.of(), Optional.of(expire), List.of());
  }

  /** Nobody is told of a device that is not known any more. */
  private CompletionStage<Void> withoutDevice(Registration registration, Instant now) {
    return records
        .commit(
            Change.in(registration.endpointName().value())
                .registration(new RegistrationEdit.EndAll(now))
                .build())
        .thenApply(done -> null);
  }

  private Entry entry(
      Device device, Registration registration, String event, RegistrationEdit edit) {
    Map<String, String> details = Map.of("account", Integer.toString(registration.account()));
    return new Entry(
        device,
        Optional.empty(),
        List.of(),
        Optional.of(edit),
        List.of(journal.event(device, event, details)));
  }

  /** Tells the operator, now and then, that a device is turned away. */
  void refused(EndpointName endpointName, Failure failure) {
    refusals.tell(endpointName, failure);
  }
}
