package org.firstlight.badluck;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;

/**
 * A device's CoAP (RFC 7252) over UDP, in its own thread: one confirmable request at a time, sent
 * again until it is acknowledged; what the server asks is answered 4.04.
 */
final class DeviceSocket implements AutoCloseable {
  private static final Duration SEND_AGAIN = Duration.ofSeconds(1);

  /** Longer than the server may take for any request that it will still carry out. */
  private static final Duration GIVE_UP = Duration.ofSeconds(12);

  private static final int LARGEST = 2048;

  private final InetSocketAddress server;
  private final DatagramSocket socket;
  private int messageId;
  private long token;

  DeviceSocket(InetSocketAddress server) throws IOException {
    this.server = server;
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /**
   * What came of a request.
   *
   * @param response empty if none came in time: whether it was done is not known
   * @param sentOnce whether one datagram was enough
   */
  record Exchange(Optional<Response> response, boolean sentOnce) {}

  Exchange ask(Request request) throws IOException {
    request.setType(Type.CON);
    request.setMID(++messageId & 0xffff);
    request.setToken(new Token(ByteBuffer.allocate(8).putLong(++token).array()));
    byte[] datagram = new UdpDataSerializer().getByteArray(request);
    long begun = System.nanoTime();
    int sent = 0;
    boolean acknowledged = false;
    while (System.nanoTime() - begun < GIVE_UP.toNanos()) {
      if (!acknowledged && System.nanoTime() - begun >= sent * SEND_AGAIN.toNanos()) {
        send(datagram);
        sent++;
      }
      Optional<Message> received = receive(SEND_AGAIN);
      if (received.isEmpty()) {
        continue;
      }
      Message message = received.get();
      if (message instanceof Request asked) {
        refuse(asked);
      } else if (message instanceof Response response) {
        if (response.getType() == Type.CON) {
          EmptyMessage acknowledgement = EmptyMessage.newACK(response);
          acknowledgement.setToken(Token.EMPTY);
          send(acknowledgement);
        }
        if (response.getToken().equals(request.getToken())) {
          return new Exchange(Optional.of(response), sent == 1);
        }
      } else if (message.getMID() == request.getMID()) {
        acknowledged = true;
      }
    }
    return new Exchange(Optional.empty(), sent == 1);
  }

  private void refuse(Request asked) throws IOException {
    Response refusal = new Response(ResponseCode.NOT_FOUND);
    refusal.setType(asked.getType() == Type.CON ? Type.ACK : Type.NON);
    refusal.setMID(asked.getMID());
    refusal.setToken(asked.getToken());
    send(refusal);
  }

  private void send(Message message) throws IOException {
    send(new UdpDataSerializer().getByteArray(message));
  }

  private void send(byte[] datagram) throws IOException {
    socket.send(new DatagramPacket(datagram, datagram.length, server));
  }

  private Optional<Message> receive(Duration patience) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    socket.setSoTimeout((int) patience.toMillis());
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException silence) {
      return Optional.empty();
    }
    return Optional.of(
        new UdpDataParser().parseMessage(Arrays.copyOf(packet.getData(), packet.getLength())));
  }

  @Override
  public void close() {
    socket.close();
  }
}
