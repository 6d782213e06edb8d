package org.firstlight.dm.operation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.presence.Contact;
import org.firstlight.dm.transport.DmEndpoints;

/** Sends one CoAP request to a device and waits for what comes of it. */
public final class DeviceLink {
  private final DmEndpoints endpoints;
  private final ScheduledExecutorService timer;
  private final Duration patience;

  /**
   * @param patience from sending to the last block of the answer
   */
  public DeviceLink(DmEndpoints endpoints, ScheduledExecutorService timer, Duration patience) {
    this.endpoints = endpoints;
    this.timer = timer;
    this.patience = patience;
  }

  sealed interface Outcome {
    record Answered(Response response) implements Outcome {}

    /** It never left: there is no connection to the device. */
    record NotSent() implements Outcome {}

    /** The device reset it: it does not know this request's connection or token. */
    record Reset() implements Outcome {}

    record Silence() implements Outcome {}
  }

  CompletionStage<Outcome> send(Request request, Contact contact) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            outcome.complete(new Outcome.Answered(response));
          }

          @Override
          public void onSendError(Throwable error) {
            outcome.complete(new Outcome.NotSent());
          }

          @Override
          public void onReject() {
            outcome.complete(new Outcome.Reset());
          }

          @Override
          protected void failed() {
            outcome.complete(new Outcome.Silence());
          }
        });
    try {
      ScheduledFuture<?> limit =
          timer.schedule(
              () -> {
                if (outcome.complete(new Outcome.Silence())) {
                  request.cancel();
                }
              },
              patience.toMillis(),
              TimeUnit.MILLISECONDS);
      outcome.whenComplete((done, fault) -> limit.cancel(false));
      endpoints.send(request, contact.peer(), contact.socketAddress());
    } catch (RejectedExecutionException closing) {
      // the server is being stopped
      outcome.complete(new Outcome.NotSent());
    }
    return outcome;
  }
}
