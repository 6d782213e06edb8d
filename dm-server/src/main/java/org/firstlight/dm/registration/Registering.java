package org.firstlight.dm.registration;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contact.Standing;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Answer.Reply;
import org.firstlight.dm.registration.Authorization.Verdict;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit.Begin;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.Suspensions;

/**
 * Register (LwM2M Core 1.1.1 §6.2.1): reads, authorises, stores the registration and what it means
 * for the device in one change, and only then answers. Judging costs a read and a write. A device
 * that this node has judged costs the write alone: it holds only if the records are still those
 * that let the device in. A stage that fails with state away is the resource's 5.03.
 */
public final class Registering {
  private static final int MOST_TRIES = 10;

  private final FleetState records;
  private final Registrations registrations;
  private final Authorization authorization;
  private final DeviceJournal journal;
  private final OnboardingSteps steps;
  private final Contacts contacts;
  private final KnownLinks links;
  private final Arrivals arrivals;
  private final Supplier<Suspensions> suspensions;
  private final Clock clock;
  private final String node;

  public Registering(
      FleetState records,
      Registrations registrations,
      DeviceJournal journal,
      OnboardingSteps steps,
      Contacts contacts,
      KnownLinks links,
      Arrivals arrivals,
      Supplier<Suspensions> suspensions,
      Clock clock,
      String node) {
    this.records = records;
    this.registrations = registrations;
    this.authorization = new Authorization(records, clock);
    this.journal = journal;
    this.steps = steps;
    this.contacts = contacts;
    this.links = links;
    this.arrivals = arrivals;
    this.suspensions = suspensions;
    this.clock = clock;
    this.node = node;
  }

  private record Arrival(Sender sender, RegisterMessage message, Instant received) {
    EndpointName endpointName() {
      return message.endpointName();
    }
  }

  CompletionStage<Reply> register(Sender sender, List<String> query, byte[] payload) {
    Instant received = clock.instant();
    RegisterMessage message;
    try {
      message = RegisterMessage.read(query, payload, links);
    } catch (UnreadableMessageException unreadable) {
      return refuse(sender.peer().endpointName(), unreadable.failure());
    }
    Optional<Failure> suspended = suspensions.get().refuse(message.endpointName());
    if (suspended.isPresent()) {
      return refuse(sender.peer().endpointName(), suspended.get());
    }
    Arrival arrival = new Arrival(sender, message, received);
    for (Contact known : contacts.findAll(message.endpointName())) {
      if (known.judged().isPresent() && known.peer().equals(sender.peer())) {
        return again(arrival, known, known.judged().get());
      }
    }
    return judge(arrival, 1);
  }

  /**
   * Nothing changes but the registration: whatever is written to a device's journey later is
   * written with its record, and so is a new version of it.
   */
  private CompletionStage<Reply> again(Arrival arrival, Contact known, Standing standing) {
    Registration registration = registration(arrival, known.account());
    String home = arrival.endpointName().value();
    Change change =
        Change.in(home)
            .edits(Authorization.stillGood(known.peer(), known.account(), standing.credential()))
            .keep(Kinds.DEVICE, home, standing.device())
            .registration(new Begin(registration))
            .event(steps.registeredEvent(registration, Optional.ofNullable(standing.owner())))
            .build();
    return records
        .commit(change)
        .thenCompose(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? created(arrival, registration, standing)
                    : judge(arrival, 1));
  }

  private CompletionStage<Reply> judge(Arrival arrival, int turn) {
    if (turn > MOST_TRIES) {
      return CompletableFuture.failedStage(
          new DependencyUnavailableException("busy: others keep changing this device"));
    }
    EndpointName endpointName = arrival.endpointName();
    var credential = authorization.credential(arrival.sender().peer(), endpointName);
    return journal
        .read(endpointName)
        .thenCombine(
            credential,
            (page, good) ->
                new Judgement(
                    page, Authorization.verdict(page.map(DeviceJournal.Page::value), good)))
        .thenCompose(
            judgement ->
                judgement.verdict() instanceof Verdict.Allowed allowed
                    ? store(arrival, judgement.page().orElseThrow(), allowed, turn)
                    : refuse(
                        arrival.sender().peer().endpointName(),
                        ((Verdict.Refused) judgement.verdict()).failure()));
  }

  private record Judgement(Optional<DeviceJournal.Page> page, Verdict verdict) {}

  private CompletionStage<Reply> store(
      Arrival arrival, DeviceJournal.Page page, Verdict.Allowed allowed, int turn) {
    Registration registration = registration(arrival, allowed.account());
    DeviceJournal.Entry entry =
        steps.registered(page.value(), page.journey(), registration).with(allowed.edits());
    return journal
        .commit(page, entry.with(new Begin(registration)))
        .thenCompose(
            written ->
                written.isPresent()
                    ? created(arrival, registration, standing(written.get(), allowed))
                    : judge(arrival, turn + 1));
  }

  private static Standing standing(DeviceJournal.Written written, Verdict.Allowed allowed) {
    return new Standing(
        written.device().version(),
        allowed.edits().isEmpty() ? 0 : written.edits().get(0),
        written.device().value().owner().orElse(null));
  }

  private CompletionStage<Reply> created(
      Arrival arrival, Registration registration, Standing standing) {
    contacts.remember(
        new Contact(
            registration.id(),
            registration.account(),
            registration.endpointName(),
            arrival.sender().peer(),
            registration.address(),
            registration.whereabouts(),
            arrival.message().links().fingerprint(),
            standing));
    return CompletableFuture.completedStage(
        new Reply(
            new Answer.Created(registration.id()),
            () -> arrivals.heard(registration, Occasion.REGISTERED)));
  }

  private Registration registration(Arrival arrival, int account) {
    RegisterMessage message = arrival.message();
    return new Registration(
        registrations.newId(message.endpointName()),
        account,
        message.endpointName(),
        arrival.received(),
        arrival.received(),
        message.lifetime(),
        message.version(),
        message.binding(),
        message.queueMode(),
        arrival.sender().address(),
        message.links().text(),
        message.additional(),
        node);
  }

  private CompletionStage<Reply> refuse(Optional<EndpointName> proven, Failure failure) {
    proven.ifPresent(endpointName -> steps.refused(endpointName, failure));
    return CompletableFuture.completedStage(Reply.of(new Answer.Refused(failure)));
  }
}
