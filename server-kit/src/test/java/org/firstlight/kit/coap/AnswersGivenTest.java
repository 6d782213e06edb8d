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
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.UdpEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.ClockUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams as a device on a lossy network sends them. */
class AnswersGivenTest {
  private static final int MOST = 50;

  private final AtomicInteger done = new AtomicInteger();
  private final ConcurrentLinkedQueue<CompletableFuture<Response>> pending =
      new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
  private AnswersGiven answers;
  private CoapEndpoint endpoint;
  private CoapServer server;
  private InetSocketAddress address;
  private DatagramSocket device;

  @BeforeEach
  void start() throws IOException {
    Configuration configuration =
        new Configuration(CoapConfig.DEFINITIONS, SystemConfig.DEFINITIONS, UdpConfig.DEFINITIONS);
    answers = new AnswersGiven(configuration, MOST, ClockUtil::nanoRealtime);
    endpoint =
        answers.build(
            "test",
            configuration,
            new CoapEndpoint.Builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            EndpointContext::getPeerAddress);
    endpoint.addNotificationListener((observe, response) -> told.add(response.getPayloadString()));
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
    Exchange exchange = request();
    answers.findPrevious(mid(7), exchange);
    Response response = new Response(ResponseCode.CHANGED);
    exchange.setResponse(response);
    exchange.setCurrentResponse(response);
    exchange.setComplete();
    come(Exchange.Origin.REMOTE, 100);
    assertThat(answers.findPrevious(mid(7), request())).isSameAs(exchange);

    response.setType(CoAP.Type.ACK);
    response.setMID(7);
    response.setToken(new byte[] {1});
    response.setBytes(new UdpDataSerializer().getByteArray(response));
    come(Exchange.Origin.REMOTE, 110);

    Exchange kept = answers.findPrevious(mid(7), request());
    assertThat(kept).isNotSameAs(exchange);
    assertThat(kept.getCurrentResponse().getCode()).isEqualTo(ResponseCode.CHANGED);
  }

  @Test
  void of_a_notification_that_was_acknowledged_only_that_it_came_is_kept() {
    Exchange exchange = notification(1);
    assertThat(answers.findPrevious(mid(7), exchange)).isNull();
    Response response = new Response(ResponseCode.CONTENT);
    response.setType(CoAP.Type.CON);
    exchange.setCurrentResponse(response);
    come(Exchange.Origin.LOCAL, 100);
    assertThat(answers.find(mid(7))).isSameAs(exchange);

    response.setAcknowledged(true);
    come(Exchange.Origin.LOCAL, 110);

    assertThat(answers.find(mid(7))).isNull();
    Exchange again = notification(1);
    assertThat(answers.findPrevious(mid(7), again)).isNotNull();
    assertThat(again.getCurrentResponse().isAcknowledged()).isTrue();
    assertThat(answers.findPrevious(mid(7), notification(2))).isNull();
  }

  @Test
  void notification_that_comes_again_before_it_is_acknowledged_shows_the_first() {
    Exchange exchange = notification(1);
    answers.findPrevious(mid(7), exchange);
    Response response = new Response(ResponseCode.CONTENT);
    exchange.setCurrentResponse(response);
    Exchange again = notification(1);

    assertThat(answers.findPrevious(mid(7), again)).isSameAs(exchange);
    assertThat(again.getCurrentResponse()).isSameAs(response);
    assertThat(answers.findPrevious(mid(7), notification(2))).isNull();
  }

  @Test
  void notification_is_no_repetition_of_a_request_of_the_same_number() {
    answers.findPrevious(mid(7), request());

    assertThat(answers.find(mid(7))).isNull();
    assertThat(answers.findPrevious(mid(7), notification(1))).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"CON", "NON"})
  void device_that_started_anew_is_heard_though_it_counts_from_the_same_number(CoAP.Type type)
      throws IOException {
    byte[] before = notification(observed(), type, 5, "before");
    comesTwice(before, type);
    byte[] after = notification(observed(), type, 5, "after");
    comesTwice(after, type);
    // others come between, so that nothing is kept but that it came
    for (int mid = 100; mid < 120; mid++) {
      exchange(message(mid, ""));
    }
    send(after);
    comesTwice(notification(observed(), type, 5, "later"), type);

    await().untilAsserted(() -> assertThat(told).containsExactly("before", "after", "later"));
  }

  @Test
  void separate_answer_is_taken_and_acknowledged_again_under_any_number_used_before()
      throws Exception {
    for (int turn = 0; turn < 3; turn++) {
      comesTwice(notification(observed(), CoAP.Type.CON, 5, "told " + turn), CoAP.Type.CON);
      Request read = asked(Request.newGet());
      byte[] answer = response(read, CoAP.Type.CON, 5, "read " + turn, false);

      comesTwice(answer, CoAP.Type.CON);

      assertThat(read.waitForResponse(20_000).getPayloadString()).isEqualTo("read " + turn);
    }
    await().untilAsserted(() -> assertThat(told).containsExactly("told 0", "told 1", "told 2"));
  }

  /** Asks the device to notify; it says yes. */
  private Request observed() throws IOException {
    Request observe = asked(Request.newGet().setObserve());
    send(response(observe, CoAP.Type.ACK, observe.getMID(), "now", true));
    await().until(() -> observe.getResponse() != null);
    await().until(observe::isAcknowledged);
    return observe;
  }

  private Request asked(Request request) throws IOException {
    request.setDestinationContext(
        new AddressEndpointContext((InetSocketAddress) device.getLocalSocketAddress()));
    endpoint.sendRequest(request);
    receive();
    return request;
  }

  private void comesTwice(byte[] message, CoAP.Type type) throws IOException {
    for (int i = 0; i < 2; i++) {
      send(message);
      if (type == CoAP.Type.CON) {
        byte[] ack = receive();
        assertThat(ack).hasSize(4);
        assertThat(ack[0] >> 4 & 3).isEqualTo(CoAP.Type.ACK.value);
        assertThat(Arrays.copyOfRange(ack, 2, 4)).isEqualTo(Arrays.copyOfRange(message, 2, 4));
      }
    }
  }

  private static byte[] notification(Request observe, CoAP.Type type, int mid, String value) {
    return response(observe, type, mid, value, true);
  }

  private static byte[] response(
      Request request, CoAP.Type type, int mid, String value, boolean observe) {
    Response response = new Response(ResponseCode.CONTENT);
    response.setType(type);
    response.setMID(mid);
    response.setToken(request.getToken());
    if (observe) {
      response.getOptions().setObserve(mid);
    }
    response.setPayload(value);
    return new UdpDataSerializer().getByteArray(response);
  }

  private Exchange notification(int token) {
    Request observe = Request.newGet();
    observe.setToken(new byte[] {(byte) token});
    return new Exchange(
        observe, address, Exchange.Origin.LOCAL, null, new UdpEndpointContext(address), true);
  }

  private Exchange request() {
    return new Exchange(Request.newPost(), address, Exchange.Origin.REMOTE, null);
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
