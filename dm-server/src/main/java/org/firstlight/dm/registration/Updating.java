package org.firstlight.dm.registration;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Answer.Reply;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.RegistrationUpdate;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.registration.UpdateOutcome;
import org.firstlight.fleet.registration.Whereabouts;
import org.firstlight.fleet.trust.Suspensions;

/**
 * Update and De-register (LwM2M Core 1.1.1 §6.2.2, §6.2.3). An Update is one command to state,
 * which writes what changed: what bars a device, or takes its credential, ends its registrations in
 * the same change, so that to have one is to be allowed to renew it.
 */
public final class Updating {
  private static final int MOST_TRIES = 10;

  private final Registrations registrations;
  private final Acquaintance acquaintance;
  private final OnboardingSteps steps;
  private final Contacts contacts;
  private final KnownLinks links;
  private final Arrivals arrivals;
  private final Supplier<Suspensions> suspensions;
  private final Clock clock;
  private final String node;

  public Updating(
      Registrations registrations,
      Acquaintance acquaintance,
      OnboardingSteps steps,
      Contacts contacts,
      KnownLinks links,
      Arrivals arrivals,
      Supplier<Suspensions> suspensions,
      Clock clock,
      String node) {
    this.registrations = registrations;
    this.acquaintance = acquaintance;
    this.steps = steps;
    this.contacts = contacts;
    this.links = links;
    this.arrivals = arrivals;
    this.suspensions = suspensions;
    this.clock = clock;
    this.node = node;
  }

  CompletionStage<Reply> update(Sender sender, String id, List<String> query, byte[] payload) {
    UpdateMessage message;
    try {
      message = UpdateMessage.read(query, payload, links);
    } catch (UnreadableMessageException unreadable) {
      return refuse(sender.peer().endpointName(), unreadable.failure());
    }
    Optional<Failure> suspended =
        sender.peer().endpointName().flatMap(name -> suspensions.get().refuse(name));
    if (suspended.isPresent()) {
      return refuse(sender.peer().endpointName(), suspended.get());
    }
    Optional<Contact> known = acquaintance.remembered(sender.peer(), id);
    return known.isPresent()
        ? ifTrusted(sender, known.get(), message, false)
        : acquaintance
            .look(sender, id)
            .thenCompose(
                found ->
                    found.isPresent() ? ifTrusted(sender, found.get(), message, true) : unknown());
  }

  /** Without security a device shows by its registration alone whose it is. */
  private CompletionStage<Reply> ifTrusted(
      Sender sender, Contact known, UpdateMessage message, boolean first) {
    return suspensions
        .get()
        .refuse(known.endpointName())
        .map(suspended -> refuse(sender.peer().endpointName(), suspended))
        .orElseGet(() -> update(sender, known, message, first, 1));
  }

  private CompletionStage<Reply> update(
      Sender sender, Contact known, UpdateMessage message, boolean first, int turn) {
    if (turn > MOST_TRIES) {
      return CompletableFuture.failedStage(
          new DependencyUnavailableException("busy: others keep updating this registration"));
    }
    Whereabouts now = message.after(known.stored(), sender.address(), node);
    Optional<KnownLinks.Sent> changed =
        message.links().filter(sent -> sent.fingerprint() != known.links());
    return registrations
        .update(
            new RegistrationUpdate(
                known.id(),
                clock.instant(),
                known.stored(),
                now,
                changed.map(KnownLinks.Sent::text)))
        .thenCompose(
            outcome -> {
              if (outcome instanceof UpdateOutcome.Overtaken overtaken) {
                Contact again = known.stored(overtaken.stored(), known.links());
                return update(sender, again, message, first, turn + 1);
              }
              if (outcome instanceof UpdateOutcome.Unknown) {
                contacts.forget(known.id());
                return unknown();
              }
              return changed(known, sender, now, changed, first);
            });
  }

  private CompletionStage<Reply> changed(
      Contact known,
      Sender sender,
      Whereabouts now,
      Optional<KnownLinks.Sent> changed,
      boolean first) {
    boolean same = !first && changed.isEmpty() && now.equals(known.stored());
    if (!same || !known.address().equals(sender.address())) {
      long fingerprint = changed.map(KnownLinks.Sent::fingerprint).orElse(known.links());
      contacts.refresh(known.stored(now, fingerprint).heardFrom(sender.peer(), sender.address()));
    }
    return CompletableFuture.completedStage(
        new Reply(
            new Answer.Changed(),
            changed.isPresent()
                ? () -> arrivals.heard(known.id(), Occasion.OBJECTS_CHANGED)
                : first
                    ? () -> arrivals.heard(known.id(), Occasion.HEARD_AGAIN)
                    : () -> arrivals.updated(known.endpointName())));
  }

  CompletionStage<Reply> deregister(Sender sender, String id) {
    Optional<Contact> known = acquaintance.remembered(sender.peer(), id);
    return (known.isPresent()
            ? CompletableFuture.completedStage(known)
            : acquaintance.look(sender, id))
        .thenCompose(
            found ->
                found.isPresent()
                    ? steps
                        .deregistered(found.get())
                        .thenApply(
                            done -> {
                              contacts.forget(id);
                              return Reply.of(new Answer.Deleted());
                            })
                    : unknown());
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
