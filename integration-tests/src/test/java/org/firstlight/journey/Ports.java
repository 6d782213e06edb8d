package org.firstlight.journey;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that stay a platform's own over a restart: below the range that a system gives to clients,
 * so that no client has taken one in between.
 */
public final class Ports {
  private static final int EACH = 6_000;

  /** Two test processes run at a time; each has a range of its own. */
  private static final int FIRST =
      20_000 + (Integer.getInteger("firstlight.fork", 1) - 1) % 2 * EACH;

  /** A port that is free for UDP and for TCP on the loopback address. */
  public static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, FIRST + EACH);
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      try (DatagramSocket udp = new DatagramSocket(address);
          ServerSocket tcp = new ServerSocket(port, 1, address.getAddress())) {
        assert udp.isBound() && tcp.isBound();
        return port;
      } catch (IOException taken) {
        // another one, then
      }
    }
  }

  private Ports() {}
}
