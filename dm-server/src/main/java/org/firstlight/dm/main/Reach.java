package org.firstlight.dm.main;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.firstlight.dm.api.LwM2mAddresses;
import org.firstlight.dm.transport.DmEndpoints;
import org.firstlight.kit.config.FirstlightConfig;

/**
 * Under which URIs clients reach the LwM2M servers: configured names, and the ports really taken.
 */
final class Reach implements Supplier<LwM2mAddresses> {
  private final FirstlightConfig config;
  private final DmEndpoints endpoints;
  private volatile Optional<Integer> bootstrapPort;
  private volatile Optional<Integer> bootstrapPlainPort;

  Reach(FirstlightConfig config, DmEndpoints endpoints) {
    this.config = config;
    this.endpoints = endpoints;
    this.bootstrapPort = Optional.of(config.bootstrap().port()).filter(port -> port != 0);
    this.bootstrapPlainPort =
        config.bootstrap().plainPort().stream().boxed().filter(port -> port != 0).findFirst();
  }

  void bootstrapListensAt(InetSocketAddress coaps, Optional<InetSocketAddress> coap) {
    bootstrapPort = Optional.of(coaps.getPort());
    bootstrapPlainPort = coap.map(InetSocketAddress::getPort);
  }

  @Override
  public LwM2mAddresses get() {
    URI dm =
        config.dm().port() == 0
            ? coaps(config.dm().uri().getHost(), endpoints.coapsAddress().getPort())
            : config.dm().uri();
    return new LwM2mAddresses(
        bootstrapPort.map(port -> coaps(config.bootstrap().names().get(0), port)),
        bootstrapPlainPort.map(Reach::plain),
        dm,
        endpoints.coapAddress().map(address -> plain(address.getPort())));
  }

  private static URI coaps(String host, int port) {
    return URI.create("coaps://" + host + ":" + port);
  }

  private static URI plain(int port) {
    return URI.create("coap://127.0.0.1:" + port);
  }
}
