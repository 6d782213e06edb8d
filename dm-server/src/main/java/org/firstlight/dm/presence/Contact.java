package org.firstlight.dm.presence;

import java.net.InetSocketAddress;
import java.time.Instant;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.fleet.registration.Registration;

/**
 * A registered device as it was last heard.
 *
 * @param registration as this node last saw it stored
 * @param context address and proven identity; requests go there and to nobody else
 */
public record Contact(Registration registration, EndpointContext context, Instant at) {
  public InetSocketAddress address() {
    return context.getPeerAddress();
  }
}
