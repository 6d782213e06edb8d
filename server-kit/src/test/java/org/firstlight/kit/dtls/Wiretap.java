package org.firstlight.kit.dtls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between one device and a server, and remembers what the device sent. */
final class Wiretap implements AutoCloseable {
  private final DatagramSocket device;
  private final DatagramSocket server;
  private final InetSocketAddress target;
  private final List<byte[]> heard = new CopyOnWriteArrayList<>();
  private volatile SocketAddress deviceAddress;

  Wiretap(InetSocketAddress target) throws IOException {
    this.target = target;
    this.device = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    this.server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    carry(
        device,
        packet -> {
          deviceAddress = packet.getSocketAddress();
          byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
          heard.add(bytes);
          send(server, bytes, target);
        });
    carry(
        server,
        packet -> send(device, Arrays.copyOf(packet.getData(), packet.getLength()), deviceAddress));
  }

  private interface Taking {
    void take(DatagramPacket packet) throws IOException;
  }

  private static void carry(DatagramSocket from, Taking to) {
    Thread thread =
        new Thread(
            () -> {
              DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
              try {
                while (!from.isClosed()) {
                  packet.setLength(2048);
                  from.receive(packet);
                  to.take(packet);
                }
              } catch (IOException closed) {
                // the end
              }
            },
            "wiretap");
    thread.setDaemon(true);
    thread.start();
  }

  private static void send(DatagramSocket socket, byte[] bytes, SocketAddress to)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  /** Where the device finds the server. */
  InetSocketAddress address() {
    return (InetSocketAddress) device.getLocalSocketAddress();
  }

  List<byte[]> heard() {
    return heard;
  }

  /** Sends it to the server once more, as the device. */
  void again(byte[] datagram) {
    try {
      send(server, datagram, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends it to the server from another address. */
  void fromElsewhere(byte[] datagram) throws IOException {
    try (DatagramSocket elsewhere = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      send(elsewhere, datagram, target);
    }
  }

  @Override
  public void close() {
    device.close();
    server.close();
  }
}
