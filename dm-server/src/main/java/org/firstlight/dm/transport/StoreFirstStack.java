package org.firstlight.dm.transport;

import org.eclipse.californium.core.network.ExtendedCoapStackFactory;
import org.eclipse.californium.core.network.Outbox;
import org.eclipse.californium.core.network.stack.BaseCoapStack;
import org.eclipse.californium.core.network.stack.BlockwiseLayer;
import org.eclipse.californium.core.network.stack.CoapStack;
import org.eclipse.californium.core.network.stack.ExchangeCleanupLayer;
import org.eclipse.californium.core.network.stack.Layer;
import org.eclipse.californium.core.network.stack.ObserveLayer;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/** Californium's layers for UDP, with {@link StoreFirstLayer} as the lowest. */
final class StoreFirstStack extends BaseCoapStack {
  static final ExtendedCoapStackFactory FACTORY = new Factory();

  private StoreFirstStack(
      String tag,
      Configuration configuration,
      @Nullable EndpointContextMatcher matcher,
      Outbox outbox) {
    super(outbox);
    setLayers(
        new Layer[] {
          new ExchangeCleanupLayer(configuration),
          new ObserveLayer(configuration),
          new BlockwiseLayer(tag, false, configuration, matcher),
          new StoreFirstLayer(configuration)
        });
  }

  private static final class Factory implements ExtendedCoapStackFactory {
    @Override
    public CoapStack createCoapStack(
        String protocol,
        String tag,
        Configuration configuration,
        @Nullable EndpointContextMatcher matcher,
        Outbox outbox,
        @Nullable Object argument) {
      return new StoreFirstStack(tag, configuration, matcher, outbox);
    }

    @Override
    @SuppressWarnings("deprecation")
    public CoapStack createCoapStack(
        String protocol,
        String tag,
        Configuration configuration,
        Outbox outbox,
        @Nullable Object argument) {
      return createCoapStack(protocol, tag, configuration, null, outbox, argument);
    }
  }
}
