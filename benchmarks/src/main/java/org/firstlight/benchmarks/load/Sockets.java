package org.firstlight.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/** The source addresses of the devices, and the message ids given out at each. */
final class Sockets implements AutoCloseable {
  private static final int MESSAGE_IDS = 1 << 16;
  private static final int RECEIVE_BUFFER = 1 << 20;
  private static final int LARGEST = 2_048;

  /** Takes what came in at a socket. */
  interface Receiver {
    void received(int socket, CoapMessage message);
  }

  private final Selector selector;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final int[] messageIds;
  private final ByteBuffer in = ByteBuffer.allocateDirect(LARGEST);
  private final ByteBuffer out = ByteBuffer.allocateDirect(LARGEST);

  Sockets(Selector selector, int count, int serverPort) throws IOException {
    this.selector = selector;
    this.messageIds = new int[count];
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    for (int i = 0; i < count; i++) {
      DatagramChannel channel = DatagramChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      channel.bind(new InetSocketAddress(loopback, 0));
      channel.connect(new InetSocketAddress(loopback, serverPort));
      channel.register(selector, SelectionKey.OP_READ, i);
      channels.add(channel);
    }
  }

  int count() {
    return channels.size();
  }

  /**
   * A message id that this address has not used before.
   *
   * @throws IllegalStateException if there is none left: the server would take a message for a
   *     repetition, and answer it without any work
   */
  int nextMessageId(int socket) {
    int next = messageIds[socket]++;
    if (next >= MESSAGE_IDS) {
      throw new IllegalStateException("message ids are used up: the run needs more sockets");
    }
    return next;
  }

  /** What the socket's buffer does not take is lost, as on any network. */
  void send(int socket, byte[] wire) {
    out.clear();
    out.put(wire).flip();
    try {
      channels.get(socket).write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("the server's port does not take messages", e);
    }
  }

  /** Waits so long for messages at most, and hands on what has come. */
  void receive(long waitMs, Receiver receiver) throws IOException {
    int ready = waitMs > 0 ? selector.select(waitMs) : selector.selectNow();
    if (ready == 0) {
      return;
    }
    for (SelectionKey key : selector.selectedKeys()) {
      int socket = (Integer) key.attachment();
      DatagramChannel channel = channels.get(socket);
      while (channel.read(in.clear()) > 0) {
        receiver.received(socket, CoapMessage.decode(in.flip()));
      }
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    for (DatagramChannel channel : channels) {
      channel.close();
    }
  }
}
