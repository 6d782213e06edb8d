package org.firstlight.simulator.device;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.simulator.connection.ServerAccount;
import org.firstlight.simulator.connection.ServerAccount.RegistrationTerms;
import org.firstlight.simulator.connection.ServerConnection;
import org.firstlight.simulator.objects.LwM2mRelease;

/**
 * The registration with one server (LwM2M Core 1.1.1 §6.2): Register, Update in time, De-register;
 * tries again with growing waits, and waits as long as a 5.03 says. Used on the device's thread
 * alone.
 */
final class Registration {
  /** An Update goes out this long before the lifetime ends, or at three quarters of a short one. */
  private static final Duration MARGIN = Duration.ofSeconds(247); // EXCHANGE_LIFETIME

  private final ServerAccount account;
  private final DeviceContext device;
  private final Runnable givenUp;
  private Optional<ServerConnection> connection = Optional.empty();
  private List<String> location = List.of();
  private String sentLinks = "";
  private RegistrationTerms sentTerms;
  private Optional<Future<?>> next = Optional.empty();
  private int failures;
  private boolean over;

  /**
   * @param givenUp called when the server has not taken this device too often in a row
   */
  Registration(ServerAccount account, DeviceContext device, Runnable givenUp) {
    this.account = account;
    this.device = device;
    this.givenUp = givenUp;
    this.sentTerms = account.registration().orElseThrow();
  }

  Optional<ServerConnection> connection() {
    return connection;
  }

  boolean isRegistered() {
    return !location.isEmpty() && !over;
  }

  void register() {
    location = List.of();
    RegistrationTerms terms = terms();
    Request request = Request.newPost();
    request
        .getOptions()
        .addUriPath("rd")
        .setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
    query(request, "ep=" + device.endpointName());
    query(request, "lt=" + terms.lifetime().toSeconds());
    query(request, "lwm2m=" + device.release().number());
    if (device.release() == LwM2mRelease.V1_0) {
      query(request, "b=" + terms.binding());
    } else {
      query(request, "b=" + terms.binding().replace("Q", ""));
      if (terms.binding().contains("Q")) {
        query(request, "Q");
      }
    }
    String links = device.links();
    request.setPayload(links);
    send(
        request,
        response -> {
          boolean done = response.getCode() == ResponseCode.CREATED;
          report("register", response, done);
          if (done) {
            location = response.getOptions().getLocationPath();
            sentLinks = links;
            sentTerms = terms;
            rest();
          } else {
            refused(response, this::register);
          }
        },
        this::register);
  }

  /** Sends an Update now, with what has changed since the last word to this server. */
  void update() {
    if (!isRegistered()) {
      return; // a Register is on its way or planned
    }
    RegistrationTerms terms = terms();
    String links = device.links();
    Request request = Request.newPost();
    location.forEach(request.getOptions()::addUriPath);
    if (!terms.lifetime().equals(sentTerms.lifetime())) {
      query(request, "lt=" + terms.lifetime().toSeconds());
    }
    if (!links.equals(sentLinks)) {
      request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
      request.setPayload(links);
    }
    send(
        request,
        response -> {
          report("update", response, response.isSuccess());
          if (response.isSuccess()) {
            sentLinks = links;
            sentTerms = terms;
            rest();
          } else if (response.getCode() == ResponseCode.SERVICE_UNAVAILABLE) {
            refused(response, this::update);
          } else {
            register(); // 4.04: the server has forgotten us; the rest is cured the same way
          }
        },
        this::register);
  }

  CompletionStage<Void> deregister() {
    if (!isRegistered() || connection.isEmpty()) {
      abandon();
      return CompletableFuture.completedFuture(null);
    }
    Request request = Request.newDelete();
    location.forEach(request.getOptions()::addUriPath);
    CompletableFuture<Response> answer = connection.get().send(request);
    cancelNext();
    over = true;
    CompletableFuture<Void> gone = new CompletableFuture<>();
    device.then(
        answer,
        (response, failure) -> {
          if (response != null) {
            report("de-register", response, response.isSuccess());
          }
          abandon();
          gone.complete(null);
        });
    return gone;
  }

  /** Does nothing more of itself; the connection stays, until {@link #abandon}. */
  void pause() {
    over = true;
    cancelNext();
  }

  /** Stops without a word to the server. */
  void abandon() {
    over = true;
    cancelNext();
    connection.ifPresent(ServerConnection::close);
    connection = Optional.empty();
  }

  /** What /1 says now; a server may have changed it. */
  private RegistrationTerms terms() {
    return device.accounts().servers().stream()
        .filter(one -> one.shortServerId() == account.shortServerId())
        .findFirst()
        .flatMap(ServerAccount::registration)
        .orElse(sentTerms);
  }

  private void rest() {
    failures = 0;
    Duration lifetime = sentTerms.lifetime();
    Duration wait =
        lifetime.compareTo(MARGIN.multipliedBy(4)) > 0
            ? lifetime.minus(MARGIN)
            : lifetime.multipliedBy(3).dividedBy(4);
    plan(wait, this::update);
  }

  private void refused(Response response, Runnable again) {
    if (response.getCode() == ResponseCode.SERVICE_UNAVAILABLE) {
      Duration wait = device.maxAge(response);
      device.happened(
          "waiting", true, Map.of("account", account.shortServerId(), "s", wait.toSeconds()));
      plan(wait, again);
    } else {
      failed(again);
    }
  }

  private void failed(Runnable again) {
    failures++;
    if (failures >= device.timing().attempts()) {
      givenUp.run();
    } else {
      plan(device.timing().retryAfter(failures), again);
    }
  }

  private void send(Request request, Consumer<Response> answered, Runnable again) {
    if (over) {
      return;
    }
    cancelNext();
    ServerConnection to;
    try {
      to = connection.isPresent() ? connection.get() : device.connections().open(account);
    } catch (IOException e) {
      report("register", e);
      failed(again);
      return;
    }
    connection = Optional.of(to);
    device.then(
        to.send(request),
        (response, failure) -> {
          if (over) {
            return;
          }
          if (response != null) {
            answered.accept(response);
          } else if (failure != null) {
            report("register", failure);
            to.close(); // the next try begins with a handshake
            connection = Optional.empty();
            location = List.of();
            failed(again);
          }
        });
  }

  private void report(String step, Response response, boolean ok) {
    String reason = ok ? "" : response.getPayloadString();
    device.happened(
        step,
        ok,
        reason.isEmpty()
            ? Map.of("account", account.shortServerId(), "code", response.getCode().text)
            : Map.of(
                "account",
                account.shortServerId(),
                "code",
                response.getCode().text,
                "reason",
                reason));
  }

  private void report(String step, Throwable failure) {
    device.happened(
        step,
        false,
        Map.of("account", account.shortServerId(), "reason", DeviceContext.words(failure)));
  }

  private void plan(Duration wait, Runnable what) {
    cancelNext();
    next = Optional.of(device.after(wait, what));
  }

  private void cancelNext() {
    next.ifPresent(future -> future.cancel(false));
    next = Optional.empty();
  }

  private static void query(Request request, String parameter) {
    request.getOptions().addUriQuery(parameter);
  }
}
