package org.firstlight.simulator.crowd;

import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.InvalidLwM2mPathException;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.jspecify.annotations.Nullable;

/**
 * A device's half of the Bootstrap Interface (LwM2M Core 1.1.1 §6.1.7) while a session is open.
 * Used on one thread at a time.
 */
final class BootstrapSession {
  private @Nullable WrittenObjects written;

  /** Its answer may be lost: then the server asks once more. */
  private boolean finished;

  void begin() {
    written = new WrittenObjects();
    finished = false;
  }

  void end() {
    written = null;
    finished = false;
  }

  boolean isOpen() {
    return written != null;
  }

  /**
   * @param finish told at Finish what account was written; says whether that will do
   */
  Response answer(Request request, Predicate<Optional<Account>> finish) {
    WrittenObjects objects = written;
    boolean isFinish =
        request.getCode() == Code.POST && request.getOptions().getUriPathString().equals("bs");
    if (objects == null) {
      return new Response(isFinish && finished ? ResponseCode.CHANGED : ResponseCode.BAD_REQUEST);
    }
    if (isFinish) {
      finished = finish.test(objects.account());
      if (!finished) {
        return new Response(ResponseCode.NOT_ACCEPTABLE);
      }
      written = null;
      return new Response(ResponseCode.CHANGED);
    }
    try {
      return answer(request, new LwM2mPath("/" + request.getOptions().getUriPathString()), objects);
    } catch (InvalidLwM2mPathException | IllegalArgumentException e) {
      return new Response(ResponseCode.BAD_REQUEST);
    }
  }

  private static Response answer(Request request, LwM2mPath path, WrittenObjects objects) {
    return switch (request.getCode()) {
      case GET -> described(request);
      case DELETE -> {
        objects.delete(path);
        yield new Response(ResponseCode.DELETED);
      }
      case PUT ->
          new Response(
              objects.write(path, request.getOptions().getContentFormat(), request.getPayload())
                  ? ResponseCode.CHANGED
                  : ResponseCode.BAD_REQUEST);
      default -> new Response(ResponseCode.METHOD_NOT_ALLOWED);
    };
  }

  /** A Discover, or a Read of what a device fresh from its factory has none of: /1 and /2. */
  private static Response described(Request request) {
    if (request.getOptions().getAccept() != MediaTypeRegistry.APPLICATION_LINK_FORMAT) {
      return new Response(ResponseCode.NOT_FOUND);
    }
    Response links = new Response(ResponseCode.CONTENT);
    links.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    links.setPayload(DeviceValues.BOOTSTRAP_LINKS);
    return links;
  }
}
