package org.firstlight.bootstrap.transport;

import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapStackFactory;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.ExtendedCoapStackFactory;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.AbstractLayer;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.core.network.stack.CoapStack;
import org.eclipse.californium.core.network.stack.CongestionControlLayer;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/**
 * Lets each device have the block size of its plan. Californium's own block-wise layer has one size
 * for an endpoint, and drops answers to blocks that it has not cut itself: below it, this layer
 * takes the Block1 option off such an answer and hands it to the {@link BlockRequest}.
 */
final class PlanBlocks extends AbstractLayer {
  @Override
  public void receiveResponse(Exchange exchange, Response response) {
    if (exchange.getRequest() instanceof BlockRequest block && response.getOptions().hasBlock1()) {
      block.acknowledged(response.getOptions().getBlock1());
      response.getOptions().removeBlock1();
    }
    super.receiveResponse(exchange, response);
  }

  /** Californium's UDP stack with this layer in it. */
  @SuppressWarnings("deprecation") // the factory's older method has to be there too
  static CoapStackFactory stack() {
    return new ExtendedCoapStackFactory() {
      @Override
      public CoapStack createCoapStack(
          String protocol,
          String tag,
          Configuration config,
          EndpointContextMatcher matcher,
          Outbox outbox,
          Object argument) {
        return new Stack(tag, config, matcher, outbox);
      }

      @Override
      public CoapStack createCoapStack(
          String protocol, String tag, Configuration config, Outbox outbox, Object argument) {
        throw new UnsupportedOperationException("a matcher is needed");
      }
    };
  }

  private static final class Stack extends BaseCoapStack {
    Stack(String tag, Configuration config, EndpointContextMatcher matcher, Outbox outbox) {
      super(outbox);
      setLayers(
          new Layer[] {
            new ExchangeCleanupLayer(config),
            new ObserveLayer(config),
            new BlockwiseLayer(tag, false, config, matcher),
            new PlanBlocks(),
            CongestionControlLayer.newImplementation(tag, config)
          });
    }
  }
}
