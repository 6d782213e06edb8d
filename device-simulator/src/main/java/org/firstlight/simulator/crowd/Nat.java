package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The source addresses that the crowd speaks from. A device borrows one while it is awake and gives
 * it back when it sleeps; when it wakes, it gets another. So its address walks, as a NAT makes it
 * do, and one address is never two devices' at once. Who finds none free waits in line.
 */
final class Nat implements AutoCloseable {
  /** Takes what comes in; called on the thread that reads. */
  interface Receiver {
    void received(byte[] datagram, int length, OptionalInt holder, InetSocketAddress from);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Nat.class);
  private static final int LARGEST = 2048;
  private static final int NOBODY = -1;

  /** One socket. */
  private static final class Source {
    private final DatagramChannel channel;
    private volatile int holder = NOBODY;

    Source(DatagramChannel channel) {
      this.channel = channel;
    }

    OptionalInt holder() {
      int now = holder;
      return now == NOBODY ? OptionalInt.empty() : OptionalInt.of(now);
    }
  }

  private record Waiting(int device, Runnable granted) {}

  private final Selector selector;
  private final List<Source> all = new ArrayList<>();
  private final Map<Integer, Source> held = new ConcurrentHashMap<>();

  /** Guarded by {@code this}, as the next. */
  private final Queue<Source> free = new ArrayDeque<>();

  private final Queue<Waiting> line = new ArrayDeque<>();

  /**
   * @param count how many devices can be awake at once
   * @param towards decides from where: servers on the loopback address are spoken to from many
   *     addresses of 127.0.0.0/8, others from as many ports
   */
  Nat(int count, InetAddress towards) throws IOException {
    selector = Selector.open();
    try {
      for (int i = 0; i < count; i++) {
        DatagramChannel channel = DatagramChannel.open();
        Source source = new Source(channel);
        all.add(source);
        channel.configureBlocking(false);
        channel.bind(local(i, towards));
        channel.register(selector, SelectionKey.OP_READ, source);
      }
    } catch (IOException e) {
      close();
      throw new IOException(
          "%d source addresses cannot be had: %s".formatted(count, e.getMessage()), e);
    }
    List<Source> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled);
    free.addAll(shuffled);
  }

  private static InetSocketAddress local(int number, InetAddress towards) throws IOException {
    if (!towards.isLoopbackAddress() || towards.getAddress().length != 4) {
      return new InetSocketAddress(0);
    }
    byte[] bytes = {127, 77, (byte) (number >> 8), (byte) number};
    return new InetSocketAddress(InetAddress.getByAddress(bytes), 0);
  }

  /** Begins to read. */
  void start(Receiver receiver) {
    Thread thread = new Thread(() -> read(receiver), "crowd-nat");
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs {@code granted} once the device has a source address: now, or when one is given back. */
  void borrow(int device, Runnable granted) {
    synchronized (this) {
      if (!held.containsKey(device)) {
        Source source = free.poll();
        if (source == null) {
          line.add(new Waiting(device, granted));
          return;
        }
        hold(device, source);
      }
    }
    granted.run();
  }

  /** Nothing leaves from this device any more, until it borrows again. */
  void giveBack(int device) {
    Waiting next;
    synchronized (this) {
      Source source = held.remove(device);
      if (source == null) {
        line.removeIf(one -> one.device() == device);
        return;
      }
      source.holder = NOBODY;
      next = line.poll();
      if (next == null) {
        free.add(source);
        return;
      }
      hold(next.device(), source);
    }
    next.granted().run();
  }

  private void hold(int device, Source source) {
    source.holder = device;
    held.put(device, source);
  }

  /**
   * Sends as UDP does: what finds no room is lost.
   *
   * @return whether the device is awake
   */
  boolean send(int device, byte[] datagram, int length, InetSocketAddress to) throws IOException {
    Source source = held.get(device);
    if (source == null) {
      return false;
    }
    source.channel.send(ByteBuffer.wrap(datagram, 0, length), to);
    return true;
  }

  private void read(Receiver receiver) {
    ByteBuffer buffer = ByteBuffer.allocate(LARGEST);
    try {
      while (selector.isOpen()) {
        selector.select(key -> readAll((Source) key.attachment(), buffer, receiver));
      }
    } catch (ClosedSelectorException closed) {
      // the run is over
    } catch (IOException e) {
      LOG.error("the crowd hears nothing any more", e);
    }
  }

  private static void readAll(Source source, ByteBuffer buffer, Receiver receiver) {
    try {
      while (true) {
        buffer.clear();
        InetSocketAddress from = (InetSocketAddress) source.channel.receive(buffer);
        if (from == null) {
          return;
        }
        receiver.received(buffer.array(), buffer.position(), source.holder(), from);
      }
    } catch (IOException | RuntimeException e) {
      // one datagram, or a port that nobody listens at: the others must not suffer
      LOG.debug("a datagram is passed over", e);
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
      for (Source source : all) {
        source.channel.close();
      }
    } catch (IOException e) {
      LOG.debug("a socket did not close", e);
    }
  }
}
