package org.firstlight.dm.operation;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.ObjectLinks;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what devices tell by themselves, and keeps it. */
public final class DeviceReports {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceReports.class);

  private final Contacts contacts;
  private final DeviceModels models;
  private final DeviceValues values;
  private final Observations observations;
  private final Clock clock;

  public DeviceReports(
      Contacts contacts,
      DeviceModels models,
      DeviceValues values,
      Observations observations,
      Clock clock) {
    this.contacts = contacts;
    this.models = models;
    this.values = values;
    this.observations = observations;
    this.clock = clock;
  }

  /**
   * A notification of an observation that {@link Operations} asked for.
   *
   * @return completes when its values are stored, or when there is nothing to store
   */
  public CompletionStage<Void> notified(Request observe, Response notification) {
    Optional<Observations.Target> target = ObservationContext.in(observe);
    if (target.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    if (!notification.isSuccess()) {
      return observations.ended(target.get()).thenApply(token -> null);
    }
    Optional<Contact> contact = contacts.find(target.get().account(), target.get().endpointName());
    Map<LwM2mPath, TypedValue> told;
    try {
      told = codec(contact.map(Contact::registration)).decode(target.get().path(), notification);
    } catch (CodecException | IllegalArgumentException unreadable) {
      LOG.warn("{} notifies of {} unreadably", target.get().endpointName(), target.get().path());
      return CompletableFuture.completedStage(null);
    }
    return values.keep(target.get().endpointName(), told, "notify").thenApply(kept -> null);
  }

  /**
   * A Send.
   *
   * @return completes when its values are stored, with the refusal if they cannot be read
   */
  public CompletionStage<Optional<Failure>> sent(
      Registration sender, int contentFormat, byte[] payload) {
    Map<LwM2mPath, TypedValue> told;
    try {
      told = new HashMap<>(codec(Optional.of(sender)).decodeSend(contentFormat, payload));
    } catch (CodecException | IllegalArgumentException unreadable) {
      return CompletableFuture.completedStage(
          Optional.of(Failure.of(FailureCode.MALFORMED, "the payload cannot be read")));
    }
    return values.keep(sender.endpointName(), told, "send").thenApply(kept -> Optional.empty());
  }

  private DeviceCodec codec(Optional<Registration> registration) {
    return new DeviceCodec(
        models.of(
            registration
                .map(known -> ObjectLinks.ofStored(known.objectLinks()).versions())
                .<Map<Integer, String>>map(versions -> versions)
                .orElse(Map.of())));
  }
}
