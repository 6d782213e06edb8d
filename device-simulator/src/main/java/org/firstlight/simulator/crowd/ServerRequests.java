package org.firstlight.simulator.crowd;

import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.InvalidLwM2mPathException;
import org.eclipse.leshan.core.node.LwM2mPath;

/**
 * A device's half of Device Management (LwM2M Core 1.1.1 §6.3): Reads and Observes are answered,
 * Writes and Executes taken and forgotten.
 */
final class ServerRequests {
  private static final DeviceValues VALUES = new DeviceValues("crowd");

  private ServerRequests() {}

  /** Execute of Registration Update Trigger. */
  static boolean isUpdateTrigger(Request request) {
    return isExecute(request, "1/\\d+/8");
  }

  /** Execute of Bootstrap-Request Trigger. */
  static boolean isBootstrapTrigger(Request request) {
    return isExecute(request, "1/\\d+/9");
  }

  private static boolean isExecute(Request request, String path) {
    return request.getCode() == Code.POST && request.getOptions().getUriPathString().matches(path);
  }

  static Response answer(Request request) {
    return switch (request.getCode()) {
      case GET -> read(request);
      case PUT, POST -> new Response(ResponseCode.CHANGED);
      case DELETE -> new Response(ResponseCode.DELETED);
      default -> new Response(ResponseCode.METHOD_NOT_ALLOWED);
    };
  }

  private static Response read(Request request) {
    int accept = request.getOptions().getAccept();
    if (accept == MediaTypeRegistry.APPLICATION_LINK_FORMAT) {
      Response links = new Response(ResponseCode.CONTENT);
      links.getOptions().setContentFormat(accept);
      links.setPayload(DeviceValues.LINKS);
      return links;
    }
    try {
      LwM2mPath path = new LwM2mPath("/" + request.getOptions().getUriPathString());
      return VALUES
          .read(path, accept)
          .map(content -> content(request, content))
          .orElseGet(() -> new Response(ResponseCode.NOT_FOUND));
    } catch (InvalidLwM2mPathException | IllegalArgumentException e) {
      return new Response(ResponseCode.BAD_REQUEST);
    }
  }

  private static Response content(Request request, DeviceValues.Content content) {
    Response response = new Response(ResponseCode.CONTENT);
    response.getOptions().setContentFormat(content.format());
    response.setPayload(content.payload());
    if (request.getOptions().hasObserve() && request.getOptions().getObserve() == 0) {
      response.getOptions().setObserve(0);
    }
    return response;
  }
}
