package org.firstlight.dm.operation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.KnownLinks;
import org.firstlight.dm.registration.ObjectLinks;
import org.firstlight.dm.transport.Addresses;
import org.firstlight.dm.transport.Peer;
import org.firstlight.dm.transport.Peers;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what devices tell by themselves, and keeps it. */
public final class DeviceReports {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceReports.class);

  private final Contacts contacts;
  private final Registrations registrations;
  private final KnownLinks links;
  private final DeviceModels models;
  private final DeviceValues values;
  private final Observations observations;
  private final Supplier<Suspensions> suspensions;

  public DeviceReports(
      Contacts contacts,
      Registrations registrations,
      KnownLinks links,
      DeviceModels models,
      DeviceValues values,
      Observations observations,
      Supplier<Suspensions> suspensions) {
    this.contacts = contacts;
    this.registrations = registrations;
    this.links = links;
    this.models = models;
    this.values = values;
    this.observations = observations;
    this.suspensions = suspensions;
  }

  /**
   * A notification of an observation that {@link Operations} asked for.
   *
   * @return completes when its values are stored, or when there is nothing to store; fails when
   *     they cannot be, or when the device may not come: then it is not acknowledged
   */
  public CompletionStage<Void> notified(Request observe, Response notification) {
    Optional<Observations.Target> target = ObservationContext.in(observe);
    if (target.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    if (!notification.isSuccess()) {
      return observations.ended(target.get()).thenApply(token -> null);
    }
    EndpointName endpointName = target.get().endpointName();
    Optional<Failure> suspended = suspensions.get().refuse(endpointName);
    if (suspended.isPresent()) {
      return CompletableFuture.failedStage(new IllegalStateException(suspended.get().reason()));
    }
    Optional<Contact> contact = contacts.find(target.get().account(), endpointName);
    contact.ifPresent(known -> heard(known, notification.getSourceContext()));
    return versions(contact)
        .thenCompose(
            versions -> {
              Map<LwM2mPath, TypedValue> told;
              try {
                told = codec(versions).decode(target.get().path(), notification);
              } catch (CodecException | IllegalArgumentException unreadable) {
                LOG.warn("{} notifies of {} unreadably", endpointName, target.get().path());
                return CompletableFuture.completedStage(null);
              }
              return values.keep(endpointName, told, "notify").thenApply(kept -> null);
            });
  }

  /** Behind a NAT a device has another address each time it wakes: requests go to the newest. */
  private void heard(Contact known, EndpointContext from) {
    String address = Addresses.text(from.getPeerAddress());
    if (!known.address().equals(address)) {
      Peer peer = Peers.of(from);
      if (known.peer().equals(peer)) {
        contacts.heardFrom(known.id(), peer, address);
      }
    }
  }

  /**
   * A Send.
   *
   * @return completes when its values are stored, with the refusal if they cannot be read, or may
   *     not come
   */
  public CompletionStage<Optional<Failure>> sent(
      Contact sender, int contentFormat, byte[] payload) {
    Optional<Failure> suspended = suspensions.get().refuse(sender.endpointName());
    if (suspended.isPresent()) {
      return CompletableFuture.completedStage(suspended);
    }
    return versions(Optional.of(sender))
        .thenCompose(
            versions -> {
              Map<LwM2mPath, TypedValue> told;
              try {
                told = new HashMap<>(codec(versions).decodeSend(contentFormat, payload));
              } catch (CodecException | IllegalArgumentException unreadable) {
                return CompletableFuture.completedStage(
                    Optional.of(Failure.of(FailureCode.MALFORMED, "the payload cannot be read")));
              }
              return values
                  .keep(sender.endpointName(), told, "send")
                  .thenApply(
                      kept ->
                          kept.stored()
                              ? Optional.empty()
                              : Optional.of(
                                  Failure.of(
                                      FailureCode.NOT_FOUND,
                                      "the registration has ended: register anew")));
            });
  }

  /** Object versions that the device named; read from state if this node has not seen its links. */
  private CompletionStage<Map<Integer, String>> versions(Optional<Contact> contact) {
    Optional<ObjectLinks> known = contact.flatMap(device -> links.find(device.links()));
    if (contact.isEmpty() || known.isPresent()) {
      return CompletableFuture.completedStage(
          known.<Map<Integer, String>>map(ObjectLinks::versions).orElse(Map.of()));
    }
    return registrations
        .findById(contact.get().id())
        .thenApply(
            found ->
                found
                    .map(Registration::objectLinks)
                    .flatMap(text -> links.find(links.learn(text)))
                    .<Map<Integer, String>>map(ObjectLinks::versions)
                    .orElse(Map.of()));
  }

  private DeviceCodec codec(Map<Integer, String> versions) {
    return new DeviceCodec(models.of(versions));
  }
}
