package org.firstlight.dm.transport;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** How peers' addresses are written down. */
public final class Addresses {
  /** As host:port, an IPv6 host in brackets. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return address.getAddress() instanceof Inet6Address
        ? "[%s]:%d".formatted(host, address.getPort())
        : "%s:%d".formatted(host, address.getPort());
  }

  private Addresses() {}
}
