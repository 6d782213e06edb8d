package org.firstlight.simulator.device;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.simulator.connection.ServerAccount;
import org.firstlight.simulator.connection.ServerConnection;
import org.firstlight.simulator.objects.LwM2mRelease;

/**
 * Client-initiated bootstrap over and over until it succeeds. Its connection is kept after Finish:
 * a later bootstrap or an enrolment uses it again. Used on the device's thread alone.
 */
final class Bootstrap {
  private final DeviceContext device;
  private final BootstrapInterface session;
  private final Runnable whenDone;
  private final BooleanSupplier wayBack;
  private Optional<ServerConnection> connection = Optional.empty();
  private Optional<Future<?>> next = Optional.empty();
  private Instant notBefore = Instant.MIN;
  private int failures;
  private int attempt;
  private boolean running;

  /**
   * @param whenDone called after a Finish that was answered 2.04
   * @param wayBack called when a try has failed; true if the device goes back to accounts it had
   */
  Bootstrap(
      DeviceContext device,
      BootstrapInterface session,
      Runnable whenDone,
      BooleanSupplier wayBack) {
    this.device = device;
    this.session = session;
    this.whenDone = whenDone;
    this.wayBack = wayBack;
  }

  boolean isRunning() {
    return running;
  }

  void start() {
    if (!running) {
      running = true;
      Duration wait = Duration.between(device.clock().instant(), notBefore);
      plan(wait.isNegative() ? Duration.ZERO : wait, this::request);
    }
  }

  /** The connection that is kept, for what comes after Finish. */
  Optional<ServerConnection> kept() {
    return connection;
  }

  /** Stops and forgets the connection. */
  void stop() {
    attempt++;
    running = false;
    cancelNext();
    session.fail();
    drop();
  }

  private void request() {
    int mine = ++attempt;
    Optional<ServerAccount> account = device.accounts().bootstrap();
    if (account.isEmpty()) {
      device.happened("failed", false, Map.of("reason", "no account of a Bootstrap-Server"));
      running = false;
      return;
    }
    ServerConnection to;
    try {
      to = connection.isPresent() ? connection.get() : device.connections().open(account.get());
    } catch (IOException e) {
      failed(DeviceContext.words(e));
      return;
    }
    connection = Optional.of(to);
    session.begin(new Progress(mine));
    Request request = Request.newPost();
    request.getOptions().addUriPath("bs").addUriQuery("ep=" + device.endpointName());
    if (device.release() != LwM2mRelease.V1_0) {
      request.getOptions().addUriQuery("pct=" + MediaTypeRegistry.APPLICATION_VND_OMA_LWM2M_TLV);
    }
    device.then(
        to.send(request),
        (response, failure) -> {
          if (mine != attempt) {
            return;
          }
          if (response != null) {
            answered(response, mine);
          } else if (failure != null) {
            drop(); // the next try begins with a handshake
            failed(DeviceContext.words(failure));
          }
        });
  }

  private void answered(Response response, int mine) {
    boolean accepted = response.isSuccess();
    device.happened(
        "bootstrap-request",
        accepted,
        accepted || response.getPayloadString().isEmpty()
            ? Map.of("code", response.getCode().text)
            : Map.of("code", response.getCode().text, "reason", response.getPayloadString()));
    if (accepted) {
      expectMore(mine);
    } else if (response.getCode() == ResponseCode.SERVICE_UNAVAILABLE) {
      session.fail();
      Duration wait = device.maxAge(response);
      notBefore = device.clock().instant().plus(wait);
      device.happened("waiting", true, Map.of("s", wait.toSeconds()));
      tryAgain(wait);
    } else {
      failed("refused with " + response.getCode().text);
    }
  }

  /** The server has the word; silence for too long ends the session. */
  private void expectMore(int mine) {
    plan(
        device.timing().bootstrapIdle(),
        () -> {
          if (mine != attempt) {
            return;
          }
          if (session.finishAnswered()) {
            done(mine); // only the acknowledgement of our answer was lost
          } else {
            drop();
            failed("the Bootstrap-Server fell silent");
          }
        });
  }

  private void done(int mine) {
    if (mine != attempt || !running) {
      return;
    }
    cancelNext();
    session.end();
    failures = 0;
    running = false;
    device.happened("bootstrap", true, Map.of());
    whenDone.run();
  }

  private void failed(String why) {
    session.fail();
    failures++;
    Duration wait = device.timing().retryAfter(failures);
    device.happened("failed", false, Map.of("reason", why, "retryMs", wait.toMillis()));
    tryAgain(wait);
  }

  private void tryAgain(Duration wait) {
    cancelNext();
    attempt++;
    if (wayBack.getAsBoolean()) {
      running = false;
    } else {
      plan(wait, this::request);
    }
  }

  private void drop() {
    connection.ifPresent(ServerConnection::close);
    connection = Optional.empty();
  }

  private void plan(Duration wait, Runnable what) {
    cancelNext();
    next = Optional.of(device.after(wait, what));
  }

  private void cancelNext() {
    next.ifPresent(future -> future.cancel(false));
    next = Optional.empty();
  }

  /** What the protocol's threads tell the device's thread. */
  private final class Progress implements BootstrapInterface.Watch {
    private final int mine;

    Progress(int mine) {
      this.mine = mine;
    }

    @Override
    public void exchanged(String operation, String path, String code, boolean error) {
      device.soon(
          () -> {
            if (mine != attempt) {
              return;
            }
            device.happened("bootstrap-" + operation, !error, Map.of("path", path, "code", code));
            if (operation.equals("finish") && error) {
              failed("the accounts written make no sense");
            } else {
              expectMore(mine);
            }
          });
    }

    @Override
    public void finished() {
      device.soon(() -> done(mine));
    }
  }
}
