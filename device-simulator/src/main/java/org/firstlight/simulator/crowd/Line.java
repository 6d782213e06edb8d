package org.firstlight.simulator.crowd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Between a device and a server. DTLS and CoAP tell peers apart by their addresses; here all
 * devices share one stack and speak with the same servers, so the stack is shown a made-up address
 * per device and server, of a block that no network uses (240.0.0.0/4). No datagram goes there.
 *
 * @param device number of the device, from 0
 * @param server number of the server, from 0
 */
record Line(int device, int server) {
  static final int MOST_DEVICES = 1 << 24;
  private static final int BLOCK = 240;
  private static final int BYTES = 4;

  Line {
    if (device < 0 || device >= MOST_DEVICES || server < 0 || server >= 0xFFFF) {
      throw new IllegalArgumentException("no such line: %d, %d".formatted(device, server));
    }
  }

  InetSocketAddress address() {
    byte[] bytes = {
      (byte) BLOCK, (byte) (device >> 16), (byte) (device >> 8), (byte) device,
    };
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), server + 1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** The line of a made-up address; empty for any other. */
  static Optional<Line> of(InetSocketAddress address) {
    byte[] bytes = address.getAddress() == null ? new byte[0] : address.getAddress().getAddress();
    if (bytes.length != BYTES || (bytes[0] & 0xFF) != BLOCK || address.getPort() == 0) {
      return Optional.empty();
    }
    int device = (bytes[1] & 0xFF) << 16 | (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF;
    return Optional.of(new Line(device, address.getPort() - 1));
  }
}
