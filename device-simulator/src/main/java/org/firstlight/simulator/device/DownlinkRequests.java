package org.firstlight.simulator.device;

import org.eclipse.leshan.client.request.DefaultDownlinkReceiver;
import org.eclipse.leshan.client.resource.RootEnabler;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.DeleteRequest;
import org.eclipse.leshan.core.request.DownlinkRequest;
import org.eclipse.leshan.core.request.WriteCompositeRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.SendableResponse;
import org.firstlight.simulator.objects.DeviceTree;

/** Takes every request a server sends: the bootstrap ones itself, the others to the objects. */
final class DownlinkRequests extends DefaultDownlinkReceiver {
  private final BootstrapInterface bootstrap;
  private final Runnable changed;

  /**
   * @param changed called when a server changed something that should outlive a restart
   */
  DownlinkRequests(DeviceTree tree, BootstrapInterface bootstrap, Runnable changed) {
    super(null, new RootEnabler(tree.leshan()), tree.leshan(), null);
    this.bootstrap = bootstrap;
    this.changed = changed;
  }

  @Override
  @SuppressWarnings("unchecked") // a bootstrap request of T is a request of T
  public <T extends LwM2mResponse> SendableResponse<T> requestReceived(
      LwM2mServer server, DownlinkRequest<T> request) {
    if (request instanceof BootstrapDownlinkRequest<?>) {
      return bootstrap.handle(server, (BootstrapDownlinkRequest<T>) request);
    }
    RequestHandler<T> handler = new RequestHandler<>(server);
    request.accept(handler);
    SendableResponse<T> response = handler.getResponse();
    if (changes(request) && response.getResponse().isSuccess()) {
      changed.run();
    }
    return response;
  }

  private static boolean changes(DownlinkRequest<?> request) {
    return request instanceof WriteRequest
        || request instanceof WriteCompositeRequest
        || request instanceof CreateRequest
        || request instanceof DeleteRequest;
  }
}
