package org.firstlight.dm.registration;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.transport.Peer;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * Whose registration it is: from this node's memory by the credential that it came with, else from
 * state by any credential that is good now. Somebody else's is as good as none.
 */
public final class Acquaintance {
  private final FleetState records;
  private final Registrations registrations;
  private final Authorization authorization;
  private final Contacts contacts;
  private final KnownLinks links;

  public Acquaintance(
      FleetState records,
      Registrations registrations,
      Contacts contacts,
      KnownLinks links,
      Clock clock) {
    this.records = records;
    this.registrations = registrations;
    this.authorization = new Authorization(records, clock);
    this.contacts = contacts;
    this.links = links;
  }

  Optional<Contact> remembered(Peer peer, String id) {
    return contacts.find(id).filter(contact -> contact.peer().equals(peer));
  }

  /** Reads state; remembers nothing. */
  CompletionStage<Optional<Contact>> look(Sender sender, String id) {
    CompletionStage<Optional<Registration>> found = registrations.findById(id);
    if (sender.peer() instanceof Peer.Unsecured) {
      return found.thenCompose(this::ifWithoutSecurity).thenApply(own -> contact(own, sender));
    }
    return authorization
        .account(sender.peer())
        .thenCombine(found, (account, known) -> known.filter(r -> isOwn(r, sender.peer(), account)))
        .thenApply(own -> contact(own, sender));
  }

  /** By its credential; without security, by the address that it registered from. */
  public CompletionStage<Optional<Contact>> look(Peer peer, String address) {
    if (peer instanceof Peer.Unsecured) {
      return CompletableFuture.completedStage(contacts.findUnsecured(address));
    }
    Optional<EndpointName> name = peer.endpointName();
    if (name.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    for (Contact contact : contacts.findAll(name.get())) {
      if (contact.peer().equals(peer)) {
        return CompletableFuture.completedStage(Optional.of(contact));
      }
    }
    CompletionStage<Optional<Integer>> account = authorization.account(peer);
    return registrations
        .findAll(name.get())
        .thenCombine(
            account, (all, good) -> all.stream().filter(r -> isOwn(r, peer, good)).findFirst())
        .thenApply(own -> contact(own, new Sender(peer, address)));
  }

  /**
   * A bootstrap gave the device another credential: a registration that an earlier one began while
   * that went on ends.
   */
  public CompletionStage<Void> newCredential(EndpointName endpointName) {
    return CompletableFuture.allOf(
        contacts.findAll(endpointName).stream()
            .filter(contact -> contact.peer().endpointName().isPresent())
            .map(contact -> endIfSuperseded(contact).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private CompletionStage<Void> endIfSuperseded(Contact contact) {
    return authorization
        .account(contact.peer())
        .thenCompose(
            account -> {
              if (account.equals(Optional.of(contact.account()))) {
                return CompletableFuture.completedStage(null);
              }
              contacts.forget(contact.id());
              return records
                  .commit(
                      Change.in(contact.endpointName().value())
                          .registration(new RegistrationEdit.End(contact.id()))
                          .build())
                  .thenApply(done -> null);
            });
  }

  private static boolean isOwn(Registration registration, Peer peer, Optional<Integer> account) {
    return peer.endpointName().equals(Optional.of(registration.endpointName()))
        && account.equals(Optional.of(registration.account()));
  }

  private CompletionStage<Optional<Registration>> ifWithoutSecurity(Optional<Registration> known) {
    if (known.isEmpty()) {
      return CompletableFuture.completedStage(known);
    }
    String home = known.get().endpointName().value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenApply(
            device ->
                known.filter(
                    r ->
                        device
                            .map(Stored::value)
                            .filter(Device::mayComeWithoutSecurity)
                            .isPresent()));
  }

  private Optional<Contact> contact(Optional<Registration> own, Sender sender) {
    return own.map(
        registration ->
            new Contact(
                registration.id(),
                registration.account(),
                registration.endpointName(),
                sender.peer(),
                sender.address(),
                registration.whereabouts(),
                links.learn(registration.objectLinks()),
                null));
  }
}
