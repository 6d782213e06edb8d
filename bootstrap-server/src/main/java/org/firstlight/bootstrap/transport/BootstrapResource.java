package org.firstlight.bootstrap.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.util.StringUtil;
import org.firstlight.bootstrap.transport.BootstrapAnswer.Begin;
import org.firstlight.bootstrap.transport.BootstrapAnswer.NotNow;
import org.firstlight.bootstrap.transport.BootstrapAnswer.Refuse;
import org.firstlight.kit.coap.CoapAnswers;

/** {@code POST /bs?ep=…}: the Bootstrap-Request, answered when it is decided. */
final class BootstrapResource extends CoapResource {
  private final BootstrapHandler handler;
  private final Function<String, Optional<Duration>> handshakes;
  private final ScheduledExecutorService timer;

  /**
   * @param handshakes how long the handshake with an address took
   */
  BootstrapResource(
      BootstrapHandler handler,
      Function<String, Optional<Duration>> handshakes,
      ScheduledExecutorService timer) {
    super("bs");
    this.handler = handler;
    this.handshakes = handshakes;
    this.timer = timer;
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    Request request = exchange.advanced().getRequest();
    if (request.getType() != Type.CON) {
      exchange.respond(ResponseCode.BAD_REQUEST, "a Bootstrap-Request is a confirmable message");
      return;
    }
    CoapAnswers.respondLater(
        exchange, handler.handle(read(exchange, request)).thenApply(BootstrapResource::response));
  }

  private BootstrapRequest read(CoapExchange exchange, Request request) {
    EndpointContext context = request.getSourceContext();
    String address = StringUtil.toString(context.getPeerAddress());
    return new BootstrapRequest(
        query(request, "ep="),
        preferredFormat(request),
        context.getPeerIdentity(),
        address,
        handshakes.apply(address),
        new DevicePeer(exchange.advanced().getEndpoint(), context, timer));
  }

  private static OptionalInt preferredFormat(Request request) {
    return query(request, "pct=")
        .filter(text -> text.matches("[0-9]{1,5}"))
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElse(OptionalInt.empty());
  }

  private static Optional<String> query(Request request, String prefix) {
    return request.getOptions().getUriQuery().stream()
        .filter(parameter -> parameter.startsWith(prefix))
        .map(parameter -> parameter.substring(prefix.length()))
        .findFirst();
  }

  private static Response response(BootstrapAnswer answer) {
    if (answer instanceof Begin begin) {
      Response changed = new Response(ResponseCode.CHANGED);
      changed.addMessageObserver(new OnceSent(begin.session()));
      return changed;
    }
    if (answer instanceof NotNow notNow) {
      return CoapAnswers.notNow(notNow.reason(), notNow.maxAge());
    }
    return CoapAnswers.response(ResponseCode.BAD_REQUEST, ((Refuse) answer).failure().reason());
  }

  /** Begins the session when its 2.04 is out; if that cannot be sent, the session finds out too. */
  private static final class OnceSent extends MessageObserverAdapter {
    private final Runnable session;
    private final AtomicBoolean begun = new AtomicBoolean();

    OnceSent(Runnable session) {
      this.session = session;
    }

    @Override
    public void onSent(boolean retransmission) {
      begin();
    }

    @Override
    public void onSendError(Throwable error) {
      begin();
    }

    @Override
    public void onCancel() {
      begin();
    }

    private void begin() {
      if (begun.compareAndSet(false, true)) {
        session.run();
      }
    }
  }
}
