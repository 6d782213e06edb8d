package org.firstlight.kit.config;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the records demand of their values; a fault names the key, the reader adds the place. */
final class Checks {
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  /** A value that a record refuses. */
  static final class Fault extends IllegalArgumentException {
    private final String key;

    Fault(String key, String reason) {
      super(reason);
      this.key = key;
    }

    String key() {
      return key;
    }
  }

  private Checks() {}

  static void that(boolean holds, String key, String reason) {
    if (!holds) {
      throw new Fault(key, reason);
    }
  }

  static void present(@Nullable Object value, String key) {
    that(value != null, key, "is needed");
  }

  static void port(int port, String key) {
    that(port >= 0 && port <= 65535, key, "must be a port from 0 to 65535");
  }

  static void host(String host, String key) {
    that(!host.isBlank() && host.indexOf(' ') < 0, key, "must be an address or a host name");
  }

  static void dnsNames(List<String> names, String key) {
    that(!names.isEmpty(), key, "must hold at least one name");
    that(names.size() <= 20, key, "must hold at most 20 names");
    for (String name : names) {
      that(
          DNS_NAME.matcher(name).matches(),
          key,
          "must hold DNS names in lower case: devices do not read addresses in certificates");
    }
  }

  /** Whether only this machine reaches it, told without asking any name server. */
  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
