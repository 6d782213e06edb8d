package org.firstlight.dm.main;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.configuration.Configurations;
import org.firstlight.dm.inventory.ObjectCatalogue;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Acquaintance;
import org.firstlight.dm.registration.Arrivals;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.dm.registration.OnboardingSteps;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.kit.dtls.Eviction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acts on what happened elsewhere: in the bootstrap server, at the API, on another node. Each act
 * may come twice, and does no harm then.
 */
final class FleetFollower {
  private static final Logger LOG = LoggerFactory.getLogger(FleetFollower.class);

  private static final Set<String> ACTED_ON =
      Set.of(
          "device.bootstrapped",
          "device.revoked",
          "device.retired",
          "device.released",
          "device.claimed",
          "configuration.changed",
          "object-model.changed");

  private final Contacts contacts;
  private final Acquaintance acquaintance;
  private final Eviction eviction;
  private final OnboardingSteps steps;
  private final Arrivals arrivals;
  private final Configurations configurations;
  private final ObjectCatalogue catalogue;

  FleetFollower(
      Contacts contacts,
      Acquaintance acquaintance,
      Eviction eviction,
      OnboardingSteps steps,
      Arrivals arrivals,
      Configurations configurations,
      ObjectCatalogue catalogue) {
    this.contacts = contacts;
    this.acquaintance = acquaintance;
    this.eviction = eviction;
    this.steps = steps;
    this.arrivals = arrivals;
    this.configurations = configurations;
    this.catalogue = catalogue;
  }

  AutoCloseable follow(EventStream events) {
    return events.follow("", ACTED_ON::contains, entry -> act(entry.event()));
  }

  private void act(FleetEvent event) {
    CompletionStage<?> done =
        switch (event.type()) {
          case "device.bootstrapped" ->
              event.endpointName().map(this::caughtUp).orElseGet(this::nothing);
          case "device.revoked", "device.retired", "device.released" ->
              event.endpointName().map(this::shutOut).orElseGet(this::nothing);
          case "device.claimed" ->
              event.endpointName().map(configurations::apply).orElseGet(this::nothing);
          case "configuration.changed" ->
              configurations.changed(event.details().getOrDefault("id", ""));
          case "object-model.changed" -> catalogue.refresh();
          default -> nothing();
        };
    done.whenComplete(
        (result, fault) -> {
          if (fault != null) {
            LOG.warn("could not act on {}", event.type(), fault);
          }
        });
  }

  private CompletionStage<Void> nothing() {
    return CompletableFuture.completedStage(null);
  }

  /** Its registrations ended with that; its connections do now. */
  private CompletionStage<Void> shutOut(EndpointName endpointName) {
    eviction.evict(endpointName);
    contacts.forget(endpointName);
    return nothing();
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
