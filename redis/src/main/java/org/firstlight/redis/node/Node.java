package org.firstlight.redis.node;

/** The address of one Redis process. */
public record Node(String host, int port) {
  private static final int DEFAULT_PORT = 6379;

  public Node {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host of Redis is empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("%d is not a port".formatted(port));
    }
  }

  /**
   * From {@code host}, {@code host:port} or {@code [IPv6]:port}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static Node parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      return new Node(bare(text), DEFAULT_PORT);
    }
    String port = text.substring(colon + 1);
    if (!port.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("a Redis node reads host:port");
    }
    return new Node(bare(text.substring(0, colon)), Integer.parseInt(port));
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
