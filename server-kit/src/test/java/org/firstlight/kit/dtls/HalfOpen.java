package org.firstlight.kit.dtls;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Somebody who begins handshakes and does not go on: DTLS 1.2 written by hand (RFC 6347 §4). */
final class HalfOpen implements AutoCloseable {
  private static final int HELLO_VERIFY_REQUEST = 3;
  private static final int SERVER_HELLO = 2;

  /** ECDHE_ECDSA_WITH_AES_128_CCM_8 with P-256, its point format, and ECDSA with SHA-256. */
  private static final byte[] WISHES =
      HexFormat.of()
          .parseHex(
              "0002c0ae"
                  + "0100"
                  + "0016"
                  + "000a00040002"
                  + "0017"
                  + "000b00020100"
                  + "000d000400020403");

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private final byte[] random = new byte[32];
  private int sequence;

  HalfOpen(InetSocketAddress server, InetAddress from) throws IOException {
    this.server = server;
    socket = new DatagramSocket(0, from);
    ThreadLocalRandom.current().nextBytes(random);
  }

  /** Bytes sent. */
  int hello(byte[] cookie) throws IOException {
    ByteBuffer body = ByteBuffer.allocate(300);
    body.putShort((short) 0xfefd).put(random).put((byte) 0);
    body.put((byte) cookie.length).put(cookie).put(WISHES).flip();
    ByteBuffer message = ByteBuffer.allocate(400);
    message.put((byte) 22).putShort((short) 0xfefd).putShort((short) 0);
    message.putShort((short) 0).putInt(sequence).putShort((short) (body.limit() + 12));
    message.putInt(1 << 24 | body.limit()).putShort((short) sequence);
    message.put(new byte[3]).put((byte) (body.limit() >> 16)).putShort((short) body.limit());
    message.put(body).flip();
    sequence++;
    send(message);
    return message.limit();
  }

  /** Gives up, and says so: a fatal alert in clear. */
  void giveUp() throws IOException {
    ByteBuffer alert = ByteBuffer.allocate(15);
    alert.put((byte) 21).putShort((short) 0xfefd).putShort((short) 0);
    alert.putShort((short) 0).putInt(sequence++).putShort((short) 2);
    alert.put((byte) 2).put((byte) 80).flip();
    send(alert);
  }

  private void send(ByteBuffer message) throws IOException {
    socket.send(new DatagramPacket(message.array(), message.limit(), server));
  }

  /** The next datagram; empty if none comes in time. */
  Optional<byte[]> next(int millis) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    socket.setSoTimeout(millis);
    try {
      socket.receive(packet);
      return Optional.of(Arrays.copyOf(packet.getData(), packet.getLength()));
    } catch (SocketTimeoutException none) {
      return Optional.empty();
    }
  }

  /** The cookie that the server asks back; empty if it says nothing. */
  Optional<byte[]> cookie(int millis) throws IOException {
    hello(new byte[0]);
    return next(millis).map(answer -> Arrays.copyOfRange(answer, 28, 28 + answer[27]));
  }

  /** Whether the server goes on. */
  boolean begins(int millis) throws IOException {
    Optional<byte[]> cookie = cookie(millis);
    if (cookie.isEmpty()) {
      return false;
    }
    hello(cookie.get());
    return isServerHello(next(millis));
  }

  static boolean isServerHello(Optional<byte[]> answer) {
    return answer.isPresent() && answer.get()[0] == 22 && answer.get()[13] == SERVER_HELLO;
  }

  static boolean isVerifyRequest(Optional<byte[]> answer) {
    return answer.isPresent() && answer.get()[0] == 22 && answer.get()[13] == HELLO_VERIFY_REQUEST;
  }

  @Override
  public void close() {
    socket.close();
  }
}
