package org.firstlight.benchmarks.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.firstlight.benchmarks.handshake.DtlsDevice;

/** Agrees to all that a Bootstrap-Server sends, and forgets it. */
final class BootstrappingDevice {
  private static final long PATIENCE_SECONDS = 10;
  private static final byte[] OBJECTS =
      "</>;lwm2m=1.1,</0/0>,</1>,</3/0>,</10/0>,</11>,</13/0>,</505/0>"
          .getBytes(StandardCharsets.UTF_8);

  private final DtlsDevice dtls;
  private final String endpoint;
  private final UdpDataParser parser = new UdpDataParser();
  private final UdpDataSerializer serializer = new UdpDataSerializer();
  private final BlockingQueue<Optional<String>> ended = new ArrayBlockingQueue<>(1);
  private int mid = ThreadLocalRandom.current().nextInt(0x10000);
  private int requests;

  BootstrappingDevice(DtlsDevice dtls, String endpoint) {
    this.dtls = dtls;
    this.endpoint = endpoint;
    dtls.hear(this::hear);
  }

  /** How many requests the last one was made of. */
  int requests() {
    return requests;
  }

  /** Shakes hands in full, and does what it is told until Finish. Says what went wrong, if so. */
  Optional<String> bootstrap() {
    ended.clear();
    requests = 0;
    dtls.forget();
    Request ask = new Request(Code.POST, Type.CON);
    ask.setMID(mid = mid + 1 & 0xffff);
    ask.setToken(new Token(new byte[] {1}));
    ask.getOptions().addUriPath("bs").addUriQuery("ep=" + endpoint);
    dtls.say(serializer.getByteArray(ask));
    try {
      Optional<String> end = ended.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return end == null ? Optional.of("no Finish came") : end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private void hear(byte[] bytes) {
    try {
      Message message = parser.parseMessage(bytes);
      if (message instanceof Request request) {
        answer(request);
      } else if (message instanceof Response response) {
        if (response.getType() == Type.CON) {
          dtls.say(serializer.getByteArray(EmptyMessage.newACK(response)));
        }
        if (response.getCode() != ResponseCode.CHANGED) {
          ended.offer(Optional.of("Bootstrap-Request: " + response.getCode()));
        }
      }
    } catch (MessageFormatException e) {
      ended.offer(Optional.of("what the server sent is not CoAP"));
    }
  }

  private void answer(Request request) {
    Optional<BlockOption> block = Optional.ofNullable(request.getOptions().getBlock1());
    boolean more = block.isPresent() && block.get().isM();
    requests += more ? 0 : 1;
    boolean finish = request.getCode() == Code.POST;
    Response response =
        new Response(
            switch (request.getCode()) {
              case GET -> ResponseCode.CONTENT;
              case DELETE -> ResponseCode.DELETED;
              default -> more ? ResponseCode.CONTINUE : ResponseCode.CHANGED;
            });
    if (request.getCode() == Code.GET) {
      response.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_LINK_FORMAT);
      response.setPayload(OBJECTS);
    }
    block.ifPresent(option -> response.getOptions().setBlock1(option));
    response.setType(Type.ACK);
    response.setMID(request.getMID());
    response.setToken(request.getToken());
    dtls.say(serializer.getByteArray(response));
    if (finish) {
      ended.offer(Optional.empty());
    }
  }
}
