package org.firstlight.dm.observation;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.dm.operation.DeviceReports;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Acquaintance;
import org.firstlight.dm.registration.Arrivals;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.dm.transport.Addresses;
import org.firstlight.dm.transport.Peer;
import org.firstlight.dm.transport.Peers;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.coap.CoapAnswers;

/**
 * {@code /dp}: Send (LwM2M Core 1.1.1 §6.4.8). Answered when the values are stored. Like an Update
 * it shows where the device is.
 */
public final class SendResource extends CoapResource {
  private final DeviceReports reports;
  private final Acquaintance acquaintance;
  private final Contacts contacts;
  private final Arrivals arrivals;

  public SendResource(
      DeviceReports reports, Acquaintance acquaintance, Contacts contacts, Arrivals arrivals) {
    super("dp");
    this.reports = reports;
    this.acquaintance = acquaintance;
    this.contacts = contacts;
    this.arrivals = arrivals;
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    EndpointContext context = exchange.advanced().getRequest().getSourceContext();
    int contentFormat = exchange.getRequestOptions().getContentFormat();
    byte[] payload = exchange.getRequestPayload();
    String address = Addresses.text(context.getPeerAddress());
    Peer peer = Peers.of(context);
    CoapAnswers.respondLater(
        exchange,
        acquaintance
            .look(peer, address)
            .thenCompose(
                sender ->
                    sender.isPresent()
                        ? keep(sender.get().heardFrom(peer, address), contentFormat, payload)
                        : CompletableFuture.completedStage(
                            CoapAnswers.refusal(
                                Failure.of(
                                    FailureCode.NOT_FOUND,
                                    "no registration of yours: register anew")))));
  }

  private CompletionStage<Response> keep(Contact sender, int contentFormat, byte[] payload) {
    Optional<Contact> known = contacts.find(sender.id());
    if (!known.equals(Optional.of(sender))) {
      contacts.refresh(sender);
    }
    if (known.isEmpty()) {
      arrivals.heard(sender.id(), Occasion.HEARD_AGAIN);
    }
    return reports
        .sent(sender, contentFormat, payload)
        .thenApply(
            refusal ->
                refusal
                    .map(CoapAnswers::refusal)
                    .orElseGet(() -> new Response(ResponseCode.CHANGED)));
  }
}
