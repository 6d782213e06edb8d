package org.firstlight.dm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Translates the address of one device, and forgets the translation when it is told to. */
final class Nat implements AutoCloseable {
  private static final int MAX_DATAGRAM = 16_384;

  private final InetSocketAddress server;
  private final DatagramChannel inside;
  private volatile @Nullable SocketAddress device;
  private volatile DatagramChannel outside;

  Nat(InetSocketAddress server) {
    this.server = server;
    this.inside = opened();
    this.outside = opened();
    daemon(this::outward);
    receiveFrom(outside);
  }

  /** Where the device finds the server. */
  InetSocketAddress address() {
    return addressOf(inside);
  }

  /** Where the server sees the device. */
  InetSocketAddress outsideAddress() {
    return addressOf(outside);
  }

  private static InetSocketAddress addressOf(DatagramChannel channel) {
    try {
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on the device comes from another port, and what goes to the old one is lost. */
  void forget() {
    DatagramChannel old = outside;
    outside = opened();
    receiveFrom(outside);
    close(old);
  }

  private static DatagramChannel opened() {
    try {
      return DatagramChannel.open()
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void outward() throws IOException {
    ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM);
    while (true) {
      device = inside.receive(datagram.clear());
      outside.send(datagram.flip(), server);
    }
  }

  private void receiveFrom(DatagramChannel channel) {
    daemon(
        () -> {
          ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM);
          while (true) {
            channel.receive(datagram.clear());
            SocketAddress to = device;
            if (to != null) {
              inside.send(datagram.flip(), to);
            }
          }
        });
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (AsynchronousCloseException closed) {
                // that is how it ends
              } catch (ClosedChannelException closed) {
                // the same, between two datagrams
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "nat");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(DatagramChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    close(inside);
    close(outside);
  }
}
