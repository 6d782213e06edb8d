package org.firstlight.simulator.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;

/**
 * The DTLS connection to one server. The handshake happens with the first request; the connection
 * is kept until {@link #close}.
 */
public final class ServerConnection implements AutoCloseable {
  private final ServerAccount account;
  private final CoapEndpoint endpoint;
  private final InetSocketAddress address;
  private final Runnable forget;

  ServerConnection(
      ServerAccount account, CoapEndpoint endpoint, InetSocketAddress address, Runnable forget) {
    this.account = account;
    this.endpoint = endpoint;
    this.address = address;
    this.forget = forget;
  }

  public ServerAccount account() {
    return account;
  }

  /** The port this device speaks from; stays the same as long as the connection is kept. */
  public InetSocketAddress localAddress() {
    return endpoint.getAddress();
  }

  /**
   * Sends a confirmable request. Fails with an {@link IOException} that says why: no handshake, no
   * answer, reset.
   */
  public CompletableFuture<Response> send(Request request) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    request.setConfirmable(true);
    request.setDestinationContext(new AddressEndpointContext(address, account.host(), null));
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            answer.complete(response);
          }

          @Override
          public void onTimeout() {
            fail("the server does not answer");
          }

          @Override
          public void onReject() {
            fail("the server reset the request");
          }

          @Override
          public void onSendError(Throwable error) {
            fail(reason(error));
          }

          @Override
          public void onCancel() {
            fail("cancelled");
          }

          private void fail(String why) {
            answer.completeExceptionally(new IOException(why));
          }
        });
    endpoint.sendRequest(request);
    return answer;
  }

  private static String reason(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getMessage() != null ? cause.getMessage() : cause.getClass().getSimpleName();
  }

  @Override
  public void close() {
    forget.run();
    endpoint.destroy();
  }
}
