package org.firstlight.dm.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What one who guesses has for little: an IPv4 address, or a whole IPv6 /64. */
public final class Network {
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.%a-z]*");
  private static final int PREFIX = 8;
  private static final int WIDE_PREFIX = 6;

  private Network() {}

  /**
   * @param address as the connection has it, or a proxy that is believed says
   */
  public static String of(String address) {
    return of(address, PREFIX);
  }

  /** The same, or the IPv6 /48 that one customer may have all of. */
  public static String wide(String address) {
    return of(address, WIDE_PREFIX);
  }

  private static String of(String address, int prefix) {
    String bare = address.replaceAll("^\\[|]$", "").replaceAll("%.*$", "");
    if (!IPV6.matcher(bare).matches() || bare.contains(".")) {
      return bare;
    }
    try {
      // what has a colon is never looked up as a name
      byte[] bytes = InetAddress.getByName(bare).getAddress();
      return HexFormat.of().formatHex(Arrays.copyOf(bytes, prefix)) + "/" + prefix * 8;
    } catch (UnknownHostException none) {
      return bare;
    }
  }
}
