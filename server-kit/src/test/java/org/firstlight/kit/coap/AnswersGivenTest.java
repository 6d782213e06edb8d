package org.firstlight.kit.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.InMemoryMessageExchangeStore;
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.core.network.RandomTokenGenerator;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.UdpEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.ClockUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Datagrams as a device on a lossy network sends them. */
class AnswersGivenTest {
  private static final int MOST = 50;

  private final AtomicInteger done = new AtomicInteger();
  private final ConcurrentLinkedQueue<CompletableFuture<Response>> pending =
      new ConcurrentLinkedQueue<>();
  private AnswersGiven answers;
  private CoapServer server;
  private InetSocketAddress address;
  private DatagramSocket device;

  @BeforeEach
  void start() throws IOException {
    Configuration configuration =
        new Configuration(CoapConfig.DEFINITIONS, SystemConfig.DEFINITIONS, UdpConfig.DEFINITIONS);
    answers = new AnswersGiven(configuration, MOST, ClockUtil::nanoRealtime);
    InMemoryMessageExchangeStore store =
        new InMemoryMessageExchangeStore(
            "test", configuration, new RandomTokenGenerator(configuration));
    store.setDeduplicator(answers);
    CoapEndpoint endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .setMessageExchangeStore(store)
            .build();
    server = new CoapServer(configuration);
    server.addEndpoint(endpoint);
    server.add(new Counting());
    server.start();
    address = endpoint.getAddress();
    device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    device.setSoTimeout(20_000);
  }

  @AfterEach
  void stop() {
    device.close();
    server.destroy();
  }

  /** Answers with how often it was asked: at once, or when told to. */
  private final class Counting extends CoapResource {
    Counting() {
      super("rd");
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      Response response = new Response(ResponseCode.CREATED);
      response.getOptions().addLocationPath("rd").addLocationPath("" + done.incrementAndGet());
      if (exchange.getRequestPayload().length == 0) {
        exchange.respond(response);
      } else {
        CompletableFuture<Response> later = new CompletableFuture<>();
        pending.add(later);
        CoapAnswers.respondLater(exchange, later.thenApply(told -> response));
      }
    }
  }

  @Test
  void message_that_comes_again_gets_the_same_answer_and_is_not_done_again() throws IOException {
    byte[] first = exchange(message(7, ""));
    // others come between, so that nothing but the answer is kept of it
    for (int mid = 100; mid < 120; mid++) {
      exchange(message(mid, ""));
    }

    assertThat(exchange(message(7, ""))).isEqualTo(first);
    assertThat(exchange(message(7, ""))).isEqualTo(first);
    assertThat(done).hasValue(21);
  }

  @Test
  void message_that_comes_again_while_it_is_being_done_is_not_done_again() throws IOException {
    send(message(7, "later"));
    await().until(() -> !pending.isEmpty());
    send(message(7, "later"));
    exchange(message(8, ""));

    pending.remove().complete(new Response(ResponseCode.CREATED));
    byte[] first = receive();

    assertThat(pending).isEmpty();
    assertThat(exchange(message(7, "later"))).isEqualTo(first);
    assertThat(done).hasValue(2);
  }

  @Test
  void number_of_another_device_is_another_message() throws IOException {
    byte[] first = exchange(message(7, ""));
    try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      other.setSoTimeout(20_000);
      byte[] message = message(7, "");
      other.send(new DatagramPacket(message, message.length, address));
      DatagramPacket answer = new DatagramPacket(new byte[1024], 1024);
      other.receive(answer);

      assertThat(Arrays.copyOf(answer.getData(), answer.getLength())).isNotEqualTo(first);
    }
    assertThat(done).hasValue(2);
  }

  @Test
  void exchange_that_was_complete_before_its_answer_was_written_is_not_kept_whole() {
    Exchange exchange = new Exchange(Request.newPost(), address, Exchange.Origin.REMOTE, null);
    answers.findPrevious(mid(7), exchange);
    Response response = new Response(ResponseCode.CHANGED);
    exchange.setResponse(response);
    exchange.setCurrentResponse(response);
    exchange.setComplete();
    come(Exchange.Origin.REMOTE, 100);
    assertThat(answers.find(mid(7))).isSameAs(exchange);

    response.setBytes(new byte[] {1});
    come(Exchange.Origin.REMOTE, 110);

    assertThat(answers.find(mid(7))).isNull();
  }

  @Test
  void of_a_notification_that_was_acknowledged_only_that_it_came_is_kept() {
    Exchange exchange = notification();
    assertThat(answers.findPrevious(mid(7), exchange)).isNull();
    Response response = new Response(ResponseCode.CONTENT);
    response.setType(CoAP.Type.CON);
    exchange.setCurrentResponse(response);
    come(Exchange.Origin.LOCAL, 100);
    assertThat(answers.find(mid(7))).isSameAs(exchange);

    response.setAcknowledged(true);
    come(Exchange.Origin.LOCAL, 110);

    assertThat(answers.find(mid(7))).isNull();
    assertThat(answers.findPrevious(mid(7), notification())).isNotNull();
  }

  private Exchange notification() {
    return new Exchange(
        Request.newGet(),
        address,
        Exchange.Origin.LOCAL,
        null,
        new UdpEndpointContext(address),
        true);
  }

  private KeyMID mid(int number) {
    return new KeyMID(number, address);
  }

  /** Some others, each of which makes a little order. */
  private void come(Exchange.Origin origin, int first) {
    for (int number = first; number < first + 5; number++) {
      answers.findPrevious(mid(number), new Exchange(Request.newGet(), address, origin, null));
    }
  }

  @Test
  void no_more_are_kept_than_there_is_room_for() throws IOException {
    for (int mid = 0; mid < 3 * MOST; mid++) {
      exchange(message(mid, ""));
    }

    assertThat(answers.size()).isEqualTo(MOST);
  }

  private byte[] exchange(byte[] message) throws IOException {
    send(message);
    return receive();
  }

  private void send(byte[] message) throws IOException {
    device.send(new DatagramPacket(message, message.length, address));
  }

  private byte[] receive() throws IOException {
    DatagramPacket answer = new DatagramPacket(new byte[1024], 1024);
    device.receive(answer);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  private static byte[] message(int mid, String payload) {
    Request request = Request.newPost();
    request.setMID(mid);
    request.setToken(new byte[] {1, 2, (byte) mid});
    request.getOptions().addUriPath("rd");
    request.setPayload(payload);
    return new UdpDataSerializer().getByteArray(request);
  }
}
