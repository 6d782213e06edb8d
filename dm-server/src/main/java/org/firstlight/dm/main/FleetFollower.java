package org.firstlight.dm.main;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.firstlight.dm.certificate.RenewalCall;
import org.firstlight.dm.certificate.RevocationListIssuing;
import org.firstlight.dm.configuration.Configurations;
import org.firstlight.dm.inventory.DeniedAuthorities;
import org.firstlight.dm.inventory.ObjectCatalogue;
import org.firstlight.dm.operation.BootstrapTrigger;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Acquaintance;
import org.firstlight.dm.registration.Arrivals;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.dm.registration.OnboardingSteps;
import org.firstlight.dm.transport.Peer;
import org.firstlight.dm.transport.Peers;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.kit.dtls.Eviction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts on what happened elsewhere: in the bootstrap server, at the API, on another node. Each act
 * may come twice, and does no harm then.
 */
final class FleetFollower {
  private static final Logger LOG = LoggerFactory.getLogger(FleetFollower.class);

  private final Registrations registrations;
  private final Contacts contacts;
  private final Acquaintance acquaintance;
  private final Eviction eviction;
  private final BootstrapTrigger trigger;
  private final RecordsView<Manufacturer, Suspensions> suspensions;
  private final OnboardingSteps steps;
  private final Arrivals arrivals;
  private final RevocationListIssuing issuing;

  /** What is done, by the type of the event. */
  private final Map<String, Function<FleetEvent, CompletionStage<?>>> acts;

  FleetFollower(
      Registrations registrations,
      Contacts contacts,
      Acquaintance acquaintance,
      Eviction eviction,
      BootstrapTrigger trigger,
      RecordsView<Manufacturer, Suspensions> suspensions,
      DeniedAuthorities denied,
      OnboardingSteps steps,
      Arrivals arrivals,
      Configurations configurations,
      ObjectCatalogue catalogue,
      RevocationListIssuing issuing,
      RenewalCall renewal) {
    this.registrations = registrations;
    this.contacts = contacts;
    this.acquaintance = acquaintance;
    this.eviction = eviction;
    this.trigger = trigger;
    this.suspensions = suspensions;
    this.steps = steps;
    this.arrivals = arrivals;
    this.issuing = issuing;
    this.acts =
        Map.ofEntries(
            entry("device.bootstrapped", onDevice(this::caughtUp)),
            entry("device.revoked", listed(onDevice(this::shutOut))),
            entry("device.restored", listed(event -> nothing())),
            entry("device.retired", listed(onDevice(this::shutOut))),
            entry("device.released", listed(onDevice(this::sentAway))),
            entry("device.claimed", onDevice(configurations::apply)),
            entry("operational-certificate.revoked", listed(this::shutOutCertificate)),
            entry("certificate.renewal-asked", onDevice(renewal::asked)),
            entry(
                "configuration.changed",
                event -> configurations.changed(event.details().getOrDefault("id", ""))),
            entry("object-model.changed", event -> catalogue.refresh()),
            entry(
                "manufacturer.changed",
                event -> shutOutSuspended().thenCompose(done -> denied.look())));
  }

  AutoCloseable follow(EventStream events) {
    return events.follow("", acts::containsKey, entry -> act(entry.event()));
  }

  private void act(FleetEvent event) {
    acts.get(event.type())
        .apply(event)
        .whenComplete(
            (result, fault) -> {
              if (fault != null) {
                LOG.warn("could not act on {}", event.type(), fault);
              }
            });
  }

  private static Function<FleetEvent, CompletionStage<?>> onDevice(
      Function<EndpointName, CompletionStage<?>> act) {
    return event ->
        event.endpointName().<CompletionStage<?>>map(act).orElseGet(FleetFollower::nothing);
  }

  /** What the CRL has to tell, too. */
  private Function<FleetEvent, CompletionStage<?>> listed(
      Function<FleetEvent, CompletionStage<?>> act) {
    return event -> {
      issuing.want();
      return act.apply(event);
    };
  }

  private static CompletionStage<Void> nothing() {
    return CompletableFuture.completedStage(null);
  }

  /** Its registrations ended with that; its connections do now. */
  private CompletionStage<Void> shutOut(EndpointName endpointName) {
    eviction.evict(endpointName);
    contacts.forget(endpointName);
    return nothing();
  }

  /** The same for one certificate of the device: another that it has may go on. */
  private CompletionStage<Void> shutOutCertificate(FleetEvent event) {
    String sha256 = event.details().getOrDefault("sha256", "");
    eviction.evictAll(principal -> isOf(Peers.of(principal), sha256));
    event
        .endpointName()
        .ifPresent(
            name ->
                contacts.findAll(name).stream()
                    .filter(contact -> isOf(contact.peer(), sha256))
                    .forEach(contact -> contacts.forget(contact.id())));
    return nothing();
  }

  private static boolean isOf(Peer peer, String sha256) {
    return peer instanceof Peer.Certified certified && certified.certificateSha256().equals(sha256);
  }

  /** Told to bootstrap again while its connection lasts, which is no longer than that. */
  private CompletionStage<Void> sentAway(EndpointName endpointName) {
    Optional<Contact> known = contacts.findAll(endpointName).stream().findFirst();
    CompletionStage<Optional<Registration>> alive =
        known
            .map(contact -> registrations.findById(contact.id()))
            .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
    return alive.thenCompose(
        // a word that comes late finds the device with its next owner: that is left alone
        found -> found.isPresent() ? nothing() : sentAway(endpointName, known));
  }

  private CompletionStage<Void> sentAway(EndpointName endpointName, Optional<Contact> known) {
    contacts.forget(endpointName);
    CompletionStage<?> told =
        known.<CompletionStage<?>>map(trigger::tell).orElseGet(FleetFollower::nothing);
    return told.handle(
        (done, fault) -> {
          eviction.evict(endpointName);
          return null;
        });
  }

  /** Learns which manufacturers are suspended now, and ends the connections of their devices. */
  CompletionStage<Void> shutOutSuspended() {
    return suspensions
        .refresh()
        .thenAccept(
            now -> {
              if (!now.isEmpty()) {
                eviction.evictAll(
                    peer -> Peers.endpointName(peer).flatMap(now::refuse).isPresent());
              }
            });
  }

  /** A device may register before its Finish is recorded. */
  private CompletionStage<Void> caughtUp(EndpointName endpointName) {
    return acquaintance
        .newCredential(endpointName)
        .thenCompose(done -> steps.bootstrapped(endpointName))
        .thenAccept(
            registration ->
                registration.ifPresent(found -> arrivals.heard(found, Occasion.REGISTERED)));
  }
}
