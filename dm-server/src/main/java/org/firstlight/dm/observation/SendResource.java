package org.firstlight.dm.observation;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.dm.operation.DeviceReports;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.transport.Peer;
import org.firstlight.dm.transport.Peers;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.coap.CoapAnswers;

/** {@code /dp}: Send (LwM2M Core 1.1.1 §6.4.8). Answered when the values are stored. */
public final class SendResource extends CoapResource {
  private final DeviceReports reports;
  private final Contacts contacts;

  public SendResource(DeviceReports reports, Contacts contacts) {
    super("dp");
    this.reports = reports;
    this.contacts = contacts;
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    Optional<Contact> sender = sender(exchange.advanced().getRequest().getSourceContext());
    if (sender.isEmpty()) {
      exchange.respond(
          CoapAnswers.refusal(
              Failure.of(FailureCode.NOT_FOUND, "no registration of yours: register anew")));
      return;
    }
    CompletionStage<Response> answer =
        reports
            .sent(
                sender.get().registration(),
                exchange.getRequestOptions().getContentFormat(),
                exchange.getRequestPayload())
            .thenApply(
                refusal ->
                    refusal
                        .map(CoapAnswers::refusal)
                        .orElseGet(() -> new Response(ResponseCode.CHANGED)));
    CoapAnswers.respondLater(exchange, answer);
  }

  /** Known by its proven name; without security, by the address that it registered from. */
  private Optional<Contact> sender(EndpointContext context) {
    Peer peer = Peers.of(context);
    if (peer instanceof Peer.Unsecured) {
      return contacts.findUnsecured(context.getPeerAddress());
    }
    return peer.endpointName().flatMap(name -> contacts.findAll(name).stream().findFirst());
  }
}
