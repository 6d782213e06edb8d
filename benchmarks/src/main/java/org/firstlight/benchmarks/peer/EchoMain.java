package org.firstlight.benchmarks.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/** Californium without LwM2M: answers a Register and an Update and keeps nothing. The ceiling. */
public final class EchoMain {
  private EchoMain() {}

  /**
   * @param arguments the port
   */
  public static void main(String[] arguments) throws IOException {
    Configuration configuration =
        new Configuration(CoapConfig.DEFINITIONS, SystemConfig.DEFINITIONS, UdpConfig.DEFINITIONS);
    CoapServer server = new CoapServer(configuration);
    server.addEndpoint(
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(
                new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])))
            .build());
    server.add(new Echo());
    server.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // until whoever measures is done
    }
  }

  private static final class Echo extends CoapResource {
    private Echo() {
      super("rd");
    }

    @Override
    public Resource getChild(String name) {
      return this;
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      if (exchange.getRequestOptions().getUriPath().size() == 1) {
        exchange.setLocationPath("rd/0123456789ab");
        exchange.respond(ResponseCode.CREATED);
      } else {
        exchange.respond(ResponseCode.CHANGED);
      }
    }
  }
}
