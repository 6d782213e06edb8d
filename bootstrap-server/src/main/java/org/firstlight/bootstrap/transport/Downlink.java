package org.firstlight.bootstrap.transport;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.bootstrap.transport.Reply.Answered;
import org.firstlight.bootstrap.transport.Reply.Silent;
import org.firstlight.bootstrap.transport.Reply.Why;
import org.firstlight.objects.path.LwM2mPath;
import org.jspecify.annotations.Nullable;

/**
 * One session's requests to its device (LwM2M Core 1.1.1 §6.1.7), one at a time. A stage never
 * fails: it ends with the device's answer, or with why there is none, from any thread.
 */
public final class Downlink {
  private static final int LINK_FORMAT = 40;

  private final Endpoint endpoint;
  private final EndpointContext context;
  private final ScheduledExecutorService timer;
  private final Duration timeout;
  private final int blockSize;
  private @Nullable Request current;
  private boolean cancelled;

  /**
   * @param timeout for each message and its answer; a block-wise write may take many
   * @param blockSize larger payloads go in blocks of this
   */
  Downlink(
      Endpoint endpoint,
      EndpointContext context,
      ScheduledExecutorService timer,
      Duration timeout,
      int blockSize) {
    this.endpoint = endpoint;
    this.context = context;
    this.timer = timer;
    this.timeout = timeout;
    this.blockSize = blockSize;
  }

  /** Bootstrap-Discover of everything. */
  public CompletionStage<Reply> discover() {
    Request request = request(Code.GET, LwM2mPath.ROOT);
    request.getOptions().setAccept(LINK_FORMAT);
    return send(request);
  }

  public CompletionStage<Reply> delete(LwM2mPath path) {
    return send(request(Code.DELETE, path));
  }

  /** Bootstrap-Write; the payload is not kept. */
  public CompletionStage<Reply> write(LwM2mPath path, int contentFormat, byte[] payload) {
    if (payload.length <= blockSize) {
      Request request = request(Code.PUT, path);
      request.getOptions().setContentFormat(contentFormat);
      request.setPayload(payload);
      return send(request);
    }
    return block(path, contentFormat, payload, new BlockOption(szx(blockSize), true, 0));
  }

  public CompletionStage<Reply> finish() {
    Request request = new DownlinkRequest(Code.POST);
    request.setDestinationContext(context);
    request.getOptions().setUriPath("/bs");
    return send(request);
  }

  /** Gives up what is under way, and all that comes. */
  public void cancel() {
    Request inFlight;
    synchronized (this) {
      cancelled = true;
      inFlight = current;
    }
    if (inFlight != null) {
      inFlight.cancel();
    }
  }

  /** Sends one block, and the next when it is acknowledged (RFC 7959 §2.5). */
  private CompletionStage<Reply> block(
      LwM2mPath path, int contentFormat, byte[] payload, BlockOption at) {
    int from = at.getOffset();
    int to = Math.min(payload.length, from + at.getSize());
    boolean more = to < payload.length;
    BlockRequest request = new BlockRequest(Code.PUT);
    address(request, path);
    request.getOptions().setContentFormat(contentFormat);
    request.getOptions().setBlock1(at.getSzx(), more, at.getNum());
    if (from == 0) {
      request.getOptions().setSize1(payload.length);
    }
    byte[] piece = Arrays.copyOfRange(payload, from, to);
    request.setPayload(piece);
    return send(request)
        .thenCompose(
            reply -> {
              Arrays.fill(piece, (byte) 0);
              int wanted = request.acknowledged().map(BlockOption::getSzx).orElse(at.getSzx());
              int szx = Math.min(wanted, at.getSzx());
              if (tooLargeAtFirst(reply, at, szx)) {
                return block(path, contentFormat, payload, new BlockOption(szx, true, 0));
              }
              boolean goesOn =
                  reply instanceof Answered answered
                      && (answered.is(ResponseCode.CONTINUE) || answered.code().isSuccess());
              if (!more || !goesOn) {
                return CompletableFuture.completedStage(reply);
              }
              int size = BlockOption.szx2Size(szx);
              return block(path, contentFormat, payload, new BlockOption(szx, true, to / size));
            });
  }

  /** 4.13 with a smaller size on the first block asks for smaller ones (RFC 7959 §2.9.3). */
  private static boolean tooLargeAtFirst(Reply reply, BlockOption at, int szx) {
    return reply instanceof Answered answered
        && answered.is(ResponseCode.REQUEST_ENTITY_TOO_LARGE)
        && at.getNum() == 0
        && szx < at.getSzx();
  }

  private Request request(Code code, LwM2mPath path) {
    Request request = new DownlinkRequest(code);
    address(request, path);
    return request;
  }

  private void address(Request request, LwM2mPath path) {
    request.setDestinationContext(context);
    if (!path.isRoot()) {
      request.getOptions().setUriPath(path.toString());
    }
  }

  private CompletionStage<Reply> send(Request request) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    synchronized (this) {
      if (cancelled) {
        return CompletableFuture.completedStage(new Silent(Why.CANCELLED));
      }
      current = request;
    }
    request.addMessageObserver(new Ending(reply));
    Future<?> tooLate =
        timer.schedule(
            () -> {
              if (reply.complete(new Silent(Why.TIMEOUT))) {
                request.cancel();
              }
            },
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    endpoint.sendRequest(request);
    return reply.whenComplete((done, never) -> tooLate.cancel(false));
  }

  private static int szx(int size) {
    return BlockOption.size2Szx(size);
  }

  /** Ends the stage by the first thing that ends the exchange. */
  private static final class Ending extends MessageObserverAdapter {
    private final CompletableFuture<Reply> reply;

    Ending(CompletableFuture<Reply> reply) {
      this.reply = reply;
    }

    @Override
    public void onResponse(Response response) {
      reply.complete(new Answered(response.getCode(), response.getPayload()));
    }

    @Override
    public void onReject() {
      reply.complete(new Silent(Why.RESET));
    }

    @Override
    public void onTimeout() {
      reply.complete(new Silent(Why.TIMEOUT));
    }

    @Override
    public void onCancel() {
      reply.complete(new Silent(Why.CANCELLED));
    }

    @Override
    public void onSendError(Throwable error) {
      reply.complete(new Silent(Why.UNREACHABLE));
    }

    @Override
    public void onResponseHandlingError(Throwable cause) {
      reply.complete(new Silent(Why.RESET));
    }
  }
}
