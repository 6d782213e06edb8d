package org.firstlight.dm.observation;

import java.time.Clock;
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
import org.firstlight.dm.registration.Arrivals;
import org.firstlight.dm.registration.Authorization;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.dm.transport.Peer;
import org.firstlight.dm.transport.Peers;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.kit.coap.CoapAnswers;

/**
 * {@code /dp}: Send (LwM2M Core 1.1.1 §6.4.8). Answered when the values are stored. Like an Update
 * it shows where the device is.
 */
public final class SendResource extends CoapResource {
  private final DeviceReports reports;
  private final Authorization authorization;
  private final Registrations registrations;
  private final Contacts contacts;
  private final Arrivals arrivals;
  private final Clock clock;

  public SendResource(
      DeviceReports reports,
      Authorization authorization,
      Registrations registrations,
      Contacts contacts,
      Arrivals arrivals,
      Clock clock) {
    super("dp");
    this.reports = reports;
    this.authorization = authorization;
    this.registrations = registrations;
    this.contacts = contacts;
    this.arrivals = arrivals;
    this.clock = clock;
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    EndpointContext context = exchange.advanced().getRequest().getSourceContext();
    int contentFormat = exchange.getRequestOptions().getContentFormat();
    byte[] payload = exchange.getRequestPayload();
    CoapAnswers.respondLater(
        exchange,
        sender(context)
            .thenCompose(
                sender ->
                    sender.isPresent()
                        ? keep(sender.get(), context, contentFormat, payload)
                        : CompletableFuture.completedStage(
                            CoapAnswers.refusal(
                                Failure.of(
                                    FailureCode.NOT_FOUND,
                                    "no registration of yours: register anew")))));
  }

  private CompletionStage<Response> keep(
      Registration sender, EndpointContext context, int contentFormat, byte[] payload) {
    if (contacts.heard(sender, context, clock.instant())) {
      arrivals.heard(sender, Occasion.HEARD_AGAIN);
    }
    return reports
        .sent(sender, contentFormat, payload)
        .thenApply(
            refusal ->
                refusal
                    .map(CoapAnswers::refusal)
                    .orElseGet(() -> new Response(ResponseCode.CHANGED)));
  }

  /** Known by its credential; without security, by the address that it registered from. */
  private CompletionStage<Optional<Registration>> sender(EndpointContext context) {
    Peer peer = Peers.of(context);
    if (peer instanceof Peer.Unsecured) {
      return CompletableFuture.completedStage(
          contacts.findUnsecured(context.getPeerAddress()).map(Contact::registration));
    }
    return peer.endpointName()
        .map(name -> registration(peer, name))
        .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
  }

  /** By the credential that it registered with, or another one that is good now. */
  private CompletionStage<Optional<Registration>> registration(Peer peer, EndpointName name) {
    Optional<Registration> known =
        contacts.findAll(name).stream()
            .filter(contact -> Peers.of(contact.context()).equals(peer))
            .map(Contact::registration)
            .findFirst();
    return known.isPresent()
        ? CompletableFuture.completedStage(known)
        : authorization
            .account(peer)
            .thenCompose(
                account ->
                    account.isPresent()
                        ? registrations.find(account.get(), name)
                        : CompletableFuture.completedStage(Optional.empty()));
  }
}
