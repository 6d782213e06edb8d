package org.firstlight.dm.registration;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Answer.Reply;
import org.firstlight.dm.registration.Authorization.Verdict;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.dm.transport.Addresses;
import org.firstlight.dm.transport.Peer;
import org.firstlight.dm.transport.Peers;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationUpdate;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * The registration interface (LwM2M Core 1.1.1 §6.2): reads, authorises, stores, and only then
 * answers. A stage that fails with state away is the resource's 5.03.
 */
public final class Registering {
  private final FleetState records;
  private final Registrations registrations;
  private final Authorization authorization;
  private final OnboardingSteps steps;
  private final Contacts contacts;
  private final Arrivals arrivals;
  private final Clock clock;
  private final String node;

  public Registering(
      FleetState records,
      Registrations registrations,
      OnboardingSteps steps,
      Contacts contacts,
      Arrivals arrivals,
      Clock clock,
      String node) {
    this.records = records;
    this.registrations = registrations;
    this.authorization = new Authorization(records);
    this.steps = steps;
    this.contacts = contacts;
    this.arrivals = arrivals;
    this.clock = clock;
    this.node = node;
  }

  /** Who speaks, and from where. */
  record Sender(Peer peer, EndpointContext context) {
    String address() {
      return Addresses.text(context.getPeerAddress());
    }
  }

  CompletionStage<Reply> register(Sender sender, List<String> query, byte[] payload) {
    Instant received = clock.instant();
    RegisterMessage message;
    try {
      message = RegisterMessage.read(query, payload);
    } catch (UnreadableMessageException unreadable) {
      return refuse(sender.peer().endpointName(), unreadable.failure());
    }
    return authorization
        .mayRegister(sender.peer(), message.endpointName())
        .thenCompose(
            verdict ->
                verdict instanceof Verdict.Allowed allowed
                    ? store(sender, message, allowed, received)
                    : refuse(sender.peer().endpointName(), ((Verdict.Refused) verdict).failure()));
  }

  private CompletionStage<Reply> store(
      Sender sender, RegisterMessage message, Verdict.Allowed allowed, Instant received) {
    Registration registration =
        new Registration(
            registrations.newId(message.endpointName()),
            allowed.account(),
            message.endpointName(),
            received,
            received,
            message.lifetime(),
            message.version(),
            message.binding(),
            message.queueMode(),
            sender.address(),
            message.objectLinks(),
            message.additional(),
            node);
    return registrations
        .register(registration)
        .thenCompose(earlier -> steps.registered(registration, allowed.edits()))
        .thenApply(
            device -> {
              contacts.heard(registration, sender.context(), clock.instant());
              return new Reply(
                  new Answer.Created(registration.id()),
                  () -> arrivals.heard(registration, Occasion.REGISTERED));
            });
  }

  CompletionStage<Reply> update(Sender sender, String id, List<String> query, byte[] payload) {
    UpdateMessage message;
    try {
      message = UpdateMessage.read(query, payload);
    } catch (UnreadableMessageException unreadable) {
      return refuse(sender.peer().endpointName(), unreadable.failure());
    }
    return own(sender, id)
        .thenCompose(known -> known.isPresent() ? update(sender, known.get(), message) : unknown());
  }

  /** State is asked side by side: the Update costs one round trip. */
  private CompletionStage<Reply> update(Sender sender, Registration known, UpdateMessage message) {
    RegistrationUpdate change =
        new RegistrationUpdate(
            known.id(),
            clock.instant(),
            message.lifetime(),
            message.binding(),
            message.objectLinks(),
            sender.address(),
            node);
    CompletionStage<Optional<Device>> device = device(known.endpointName());
    CompletionStage<Optional<Registration>> updated = registrations.update(change);
    return device
        .thenCombine(updated, Updated::new)
        .thenCompose(
            result -> {
              Optional<Failure> barred = Authorization.barred(result.device());
              if (barred.isPresent()) {
                return end(known)
                    .thenCompose(gone -> refuse(Optional.of(known.endpointName()), barred.get()));
              }
              if (result.registration().isEmpty()) {
                contacts.forget(known);
                return unknown();
              }
              return CompletableFuture.completedStage(
                  changed(sender, known, result.registration().get()));
            });
  }

  private record Updated(Optional<Device> device, Optional<Registration> registration) {}

  private Reply changed(Sender sender, Registration known, Registration now) {
    boolean first = contacts.heard(now, sender.context(), clock.instant());
    Occasion occasion =
        !now.objectLinks().equals(known.objectLinks())
            ? Occasion.OBJECTS_CHANGED
            : first ? Occasion.HEARD_AGAIN : Occasion.UPDATED;
    return new Reply(new Answer.Changed(), () -> arrivals.heard(now, occasion));
  }

  CompletionStage<Reply> deregister(Sender sender, String id) {
    return own(sender, id)
        .thenCompose(
            known ->
                known.isPresent()
                    ? end(known.get()).thenApply(gone -> Reply.of(new Answer.Deleted()))
                    : unknown());
  }

  /**
   * Ends every registration of a device that may not come any more; it learns by 4.04 or 4.03 when
   * it speaks next.
   */
  public CompletionStage<Void> expel(EndpointName endpointName) {
    return registrations
        .findAll(endpointName)
        .thenCompose(
            all ->
                CompletableFuture.allOf(
                    all.stream()
                        .map(registration -> end(registration).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
  }

  private CompletionStage<Void> end(Registration registration) {
    return registrations
        .deregister(registration.id())
        .thenCompose(
            gone -> {
              contacts.forget(registration);
              return gone.isPresent()
                  ? steps.deregistered(registration)
                  : CompletableFuture.completedStage(null);
            });
  }

  /** The registration of this id, if it is the sender's; somebody else's is as good as none. */
  private CompletionStage<Optional<Registration>> own(Sender sender, String id) {
    CompletionStage<Optional<Registration>> found = find(id);
    Optional<EndpointName> proven = sender.peer().endpointName();
    if (proven.isPresent()) {
      return found
          .thenApply(known -> known.filter(r -> r.endpointName().equals(proven.get())))
          .thenCompose(known -> ifStillItsOwn(sender, known));
    }
    return sender.peer() instanceof Peer.Unsecured
        ? found.thenCompose(this::ifWithoutSecurity)
        : CompletableFuture.completedStage(Optional.empty());
  }

  /** By the credential that it registered with, or another one that is good now. */
  private CompletionStage<Optional<Registration>> ifStillItsOwn(
      Sender sender, Optional<Registration> known) {
    boolean sure =
        known
            .flatMap(registration -> contacts.find(registration.id()))
            .filter(contact -> Peers.of(contact.context()).equals(sender.peer()))
            .isPresent();
    return sure || known.isEmpty()
        ? CompletableFuture.completedStage(known)
        : authorization
            .account(sender.peer())
            .thenApply(account -> known.filter(r -> account.equals(Optional.of(r.account()))));
  }

  private CompletionStage<Optional<Registration>> ifWithoutSecurity(Optional<Registration> known) {
    return known.isEmpty()
        ? CompletableFuture.completedStage(known)
        : device(known.get().endpointName())
            .thenApply(
                device ->
                    known.filter(r -> device.filter(Device::mayComeWithoutSecurity).isPresent()));
  }

  private CompletionStage<Optional<Registration>> find(String id) {
    Optional<Registration> known = contacts.find(id).map(Contact::registration);
    return known.isPresent() ? CompletableFuture.completedStage(known) : registrations.findById(id);
  }

  private CompletionStage<Optional<Device>> device(EndpointName endpointName) {
    return records
        .find(Kinds.DEVICE, endpointName.value(), endpointName.value())
        .thenApply(found -> found.map(Stored::value));
  }

  private static CompletionStage<Reply> unknown() {
    return CompletableFuture.completedStage(
        Reply.of(
            new Answer.Refused(
                Failure.of(FailureCode.NOT_FOUND, "no such registration: register anew"))));
  }

  private CompletionStage<Reply> refuse(Optional<EndpointName> proven, Failure failure) {
    proven.ifPresent(endpointName -> steps.refused(endpointName, failure));
    return CompletableFuture.completedStage(Reply.of(new Answer.Refused(failure)));
  }
}
