package org.firstlight.dm.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** How peers' addresses are written down. */
public final class Addresses {
  /** As host:port, an IPv6 host in brackets. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return address.getAddress() instanceof Inet6Address
        ? "[" + host + "]:" + address.getPort()
        : host + ":" + address.getPort();
  }

  /** The address of a {@link #text}; asks no name server. */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          InetAddress.getByName(text.substring(0, colon)),
          Integer.parseInt(text.substring(colon + 1)));
    } catch (UnknownHostException notAnAddress) {
      throw new IllegalArgumentException("this is not an address", notAnAddress);
    }
  }

  private Addresses() {}
}
