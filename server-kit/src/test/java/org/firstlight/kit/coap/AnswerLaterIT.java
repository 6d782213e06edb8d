package org.firstlight.kit.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswerLaterIT {
  private final Configuration configuration =
      new Configuration(CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS);
  private final AtomicReference<CompletableFuture<Response>> answer =
      new AtomicReference<>(new CompletableFuture<>());
  private CoapServer server;
  private CoapClient client;

  @BeforeEach
  void start() {
    server = new CoapServer(configuration);
    server.addEndpoint(
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build());
    server.add(
        new CoapResource("rd") {
          @Override
          public void handlePOST(CoapExchange exchange) {
            CoapAnswers.respondLater(exchange, answer.get());
          }
        });
    server.start();
    client =
        new CoapClient(
            "coap://127.0.0.1:%d/rd"
                .formatted(server.getEndpoints().get(0).getAddress().getPort()));
    client.setEndpoint(CoapEndpoint.builder().setConfiguration(configuration).build());
    client.setTimeout(20_000L);
  }

  @AfterEach
  void stop() {
    client.getEndpoint().destroy();
    server.destroy();
  }

  @Test
  void an_answer_at_once_rides_on_the_acknowledgement() throws Exception {
    answer.get().complete(new Response(ResponseCode.CHANGED));

    CoapResponse response = post();

    assertThat(response.getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(response.advanced().getType()).isEqualTo(CoAP.Type.ACK);
  }

  @Test
  void an_answer_of_another_thread_arrives_and_the_device_is_acknowledged_meanwhile()
      throws Exception {
    Request request = Request.newPost();
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onAcknowledgement() {
            answer.get().complete(new Response(ResponseCode.CREATED));
          }
        });

    CoapResponse response = client.advanced(request);

    assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(response.advanced().getType()).isEqualTo(CoAP.Type.CON);
  }

  @Test
  void state_that_is_away_is_503_with_max_age() throws Exception {
    answer.get().completeExceptionally(new DependencyUnavailableException("redis: secret host"));

    CoapResponse response = post();

    assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    assertThat(response.getOptions().getMaxAge()).isEqualTo(CoapAnswers.RETRY.toSeconds());
    assertThat(response.getResponseText()).doesNotContain("secret");
  }

  @Test
  void a_fault_of_ours_is_500_and_tells_nothing() throws Exception {
    answer.get().completeExceptionally(new IllegalStateException("inner workings"));

    CoapResponse response = post();

    assertThat(response.getCode()).isEqualTo(ResponseCode.INTERNAL_SERVER_ERROR);
    assertThat(response.getResponseText()).isEqualTo("the server failed");
  }

  private CoapResponse post() throws Exception {
    CoapResponse response = client.post("", 0);
    assertThat(response).isNotNull();
    return response;
  }
}
