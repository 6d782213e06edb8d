package org.firstlight.bootstrap.transport;

import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;

/**
 * A device at the other end of the connection that its request came over. Requests to it go over
 * that very connection, and never start another.
 */
public final class DevicePeer {
  private final Endpoint endpoint;
  private final EndpointContext context;
  private final ScheduledExecutorService timer;

  DevicePeer(Endpoint endpoint, EndpointContext context, ScheduledExecutorService timer) {
    this.endpoint = endpoint;
    this.timer = timer;
    this.context =
        context.getPeerIdentity() == null
            ? context
            : MapBasedEndpointContext.addEntries(
                context, DtlsEndpointContext.ATTRIBUTE_HANDSHAKE_MODE_NONE);
  }

  /** Requests of one session. */
  public Downlink downlink(Timing timing) {
    return new Downlink(endpoint, context, timer, timing.requestTimeout(), timing.blockSize());
  }
}
