package org.firstlight.dm.transport;

import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.stack.ReliabilityLayer;
import org.eclipse.californium.elements.config.Configuration;

/**
 * Acknowledges a confirmable notification not when it comes in, as RFC 7641 allows and Californium
 * does, but when its receiver calls {@link Response#acknowledge()}: after its values are stored.
 * Until then a repetition is passed on as {@code onRetransmission} to the first one's observers.
 */
final class StoreFirstLayer extends ReliabilityLayer {
  StoreFirstLayer(Configuration configuration) {
    super(configuration);
  }

  @Override
  protected boolean processResponse(Exchange exchange, Response response) {
    boolean later =
        response.getType() == Type.CON
            && exchange.isNotification()
            && response.getOptions().hasObserve()
            && !exchange.getRequest().isCanceled();
    if (!later) {
      return super.processResponse(exchange, response);
    }
    if (response.isDuplicate()) {
      cameAgain(exchange, response);
      return false;
    }
    exchange.setRetransmissionHandle(null);
    response.addMessageObserver(
        new MessageObserverAdapter(true) {
          @Override
          public void onAcknowledgement() {
            exchange.execute(() -> sendEmptyMessage(exchange, EmptyMessage.newACK(response)));
          }
        });
    exchange.getCurrentRequest().setAcknowledged(true);
    exchange.setCurrentResponse(response);
    return true;
  }

  /**
   * The exchange is over by now, and takes no second response. Without a first one, that is only
   * just coming in: nothing is said of it yet.
   */
  private void cameAgain(Exchange exchange, Response again) {
    Response first = exchange.getCurrentResponse();
    if (first != null && first.isAcknowledged()) {
      sendEmptyMessage(exchange, EmptyMessage.newACK(again));
    } else if (first != null) {
      first.retransmitting();
    }
  }
}
