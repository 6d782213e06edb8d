package org.firstlight.benchmarks.restart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Translates the addresses of many devices to one server, and gives half of them others when told.
 */
final class ShiftingNat implements AutoCloseable {
  private static final int MAX_DATAGRAM = 4096;

  private final InetSocketAddress server;
  private final Selector selector;
  private final DatagramChannel inside;
  private final Map<SocketAddress, DatagramChannel> outside = new HashMap<>();
  private volatile boolean shift;

  ShiftingNat(int port) throws IOException {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    selector = Selector.open();
    inside = open();
    inside.register(selector, SelectionKey.OP_READ);
    Thread thread = new Thread(this::run, "nat");
    thread.setDaemon(true);
    thread.start();
  }

  private static DatagramChannel open() throws IOException {
    DatagramChannel channel =
        DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel.configureBlocking(false);
    return channel;
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) inside.getLocalAddress();
  }

  /** Every second device comes from another port from now on. */
  void shift() {
    shift = true;
    selector.wakeup();
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
    try {
      while (true) {
        selector.select();
        if (shift) {
          shift = false;
          shiftNow();
        }
        Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
        while (ready.hasNext()) {
          SelectionKey key = ready.next();
          ready.remove();
          pass(key, buffer);
        }
      }
    } catch (ClosedSelectorException closed) {
      // the measurement is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void shiftNow() throws IOException {
    boolean every = false;
    for (Map.Entry<SocketAddress, DatagramChannel> one : outside.entrySet()) {
      every = !every;
      if (every) {
        one.getValue().close();
        DatagramChannel other = open();
        other.register(selector, SelectionKey.OP_READ, one.getKey());
        one.setValue(other);
      }
    }
  }

  private void pass(SelectionKey key, ByteBuffer buffer) throws IOException {
    if (!key.isValid()) {
      return;
    }
    DatagramChannel channel = (DatagramChannel) key.channel();
    buffer.clear();
    SocketAddress from = channel.receive(buffer);
    if (from == null) {
      return;
    }
    buffer.flip();
    if (channel != inside) {
      inside.send(buffer, (SocketAddress) key.attachment());
      return;
    }
    DatagramChannel out = outside.get(from);
    if (out == null) {
      out = open();
      out.register(selector, SelectionKey.OP_READ, from);
      outside.put(from, out);
    }
    out.send(buffer, server);
  }

  @Override
  public void close() throws IOException {
    selector.close();
    inside.close();
    for (DatagramChannel one : outside.values()) {
      one.close();
    }
  }
}
