package org.firstlight.dm.registration;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.firstlight.dm.registration.Answer.Reply;
import org.firstlight.dm.transport.Addresses;
import org.firstlight.dm.transport.Peers;
import org.firstlight.kit.coap.CoapAnswers;
import org.firstlight.kit.metrics.Metrics;

/**
 * {@code /rd} and everything below it: POST /rd registers, POST /rd/id updates, DELETE /rd/id
 * de-registers. Answers from any thread, once {@link Registering} or {@link Updating} has an
 * answer.
 */
public final class RegistrationResource extends CoapResource {
  private static final String NAME = "rd";

  /** Object links of some hundred Instances; they are stored with the registration. */
  private static final int MOST_LINK_BYTES = 16 * 1024;

  private final Registering registering;
  private final Updating updating;
  private final Metrics metrics;

  public RegistrationResource(Registering registering, Updating updating, Metrics metrics) {
    super(NAME);
    this.registering = registering;
    this.updating = updating;
    this.metrics = metrics;
    getAttributes().addResourceType("core.rd");
  }

  /** Registrations are no resources of their own: all of them are handled here. */
  @Override
  public Resource getChild(String name) {
    return this;
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    List<String> path = exchange.getRequestOptions().getUriPath();
    List<String> query = exchange.getRequestOptions().getUriQuery();
    byte[] payload = exchange.getRequestPayload();
    if (payload.length > MOST_LINK_BYTES) {
      exchange.respond(
          ResponseCode.REQUEST_ENTITY_TOO_LARGE,
          "object links: more than %d bytes".formatted(MOST_LINK_BYTES));
      return;
    }
    switch (path.size()) {
      case 1 ->
          respond(exchange, "register", registering.register(sender(exchange), query, payload));
      case 2 ->
          respond(
              exchange, "update", updating.update(sender(exchange), path.get(1), query, payload));
      default -> exchange.respond(ResponseCode.NOT_FOUND);
    }
  }

  @Override
  public void handleDELETE(CoapExchange exchange) {
    List<String> path = exchange.getRequestOptions().getUriPath();
    if (path.size() == 2) {
      respond(exchange, "deregister", updating.deregister(sender(exchange), path.get(1)));
    } else {
      exchange.respond(path.size() == 1 ? ResponseCode.METHOD_NOT_ALLOWED : ResponseCode.NOT_FOUND);
    }
  }

  private Sender sender(CoapExchange exchange) {
    var context = exchange.advanced().getRequest().getSourceContext();
    return new Sender(Peers.of(context), Addresses.text(context.getPeerAddress()));
  }

  private void respond(CoapExchange exchange, String operation, CompletionStage<Reply> reply) {
    CoapAnswers.respondLater(
        exchange,
        reply.thenApply(
            given -> {
              Response response = response(given);
              metrics.count(
                  "firstlight.registration",
                  "operation",
                  operation,
                  "code",
                  response.getCode().toString());
              return response;
            }));
  }

  private static Response response(Reply reply) {
    Response response = response(reply.answer());
    response.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onSent(boolean retransmission) {
            if (!retransmission) {
              reply.afterwards().run();
            }
          }
        });
    return response;
  }

  private static Response response(Answer answer) {
    if (answer instanceof Answer.Created created) {
      Response response = new Response(ResponseCode.CREATED);
      response.getOptions().addLocationPath(NAME).addLocationPath(created.id());
      return response;
    }
    if (answer instanceof Answer.Refused refused) {
      return CoapAnswers.refusal(refused.failure());
    }
    return new Response(
        answer instanceof Answer.Deleted ? ResponseCode.DELETED : ResponseCode.CHANGED);
  }
}
