package org.firstlight.redis;

import java.net.URI;
import java.util.Optional;

/**
 * Where Redis is and how to sign in to it.
 *
 * @param user ACL user; empty for the default user
 * @param tls whether the connection is encrypted and the server's certificate and name are checked,
 *     against the JVM's trust store
 * @param queueBound commands that may wait per writer; what comes beyond is refused as busy
 */
public record RedisSettings(
    String host,
    int port,
    Optional<String> user,
    Optional<String> password,
    boolean tls,
    int queueBound) {
  public static final int DEFAULT_QUEUE_BOUND = 20_000;

  public RedisSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host of Redis is empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("%d is not a port".formatted(port));
    }
    if (queueBound < 1) {
      throw new IllegalArgumentException("the queue to Redis needs room for one command at least");
    }
  }

  /**
   * From {@code redis://host:port} or, with TLS, {@code rediss://host:port}. User and password
   * stand elsewhere: a URI ends up in logs.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static RedisSettings at(String uri, Optional<String> user, Optional<String> password) {
    URI parsed = URI.create(uri);
    boolean tls = "rediss".equals(parsed.getScheme());
    if (!tls && !"redis".equals(parsed.getScheme())) {
      throw new IllegalArgumentException("a Redis URI begins with redis:// or rediss://");
    }
    if (parsed.getUserInfo() != null) {
      throw new IllegalArgumentException("user and password do not belong into the Redis URI");
    }
    if (parsed.getHost() == null || !parsed.getPath().matches("/?")) {
      throw new IllegalArgumentException("a Redis URI reads redis://host:port");
    }
    int port = parsed.getPort() == -1 ? 6379 : parsed.getPort();
    return new RedisSettings(parsed.getHost(), port, user, password, tls, DEFAULT_QUEUE_BOUND);
  }

  public RedisSettings withQueueBound(int bound) {
    return new RedisSettings(host, port, user, password, tls, bound);
  }

  /** Host and port, for people to read. */
  public String address() {
    return host + ":" + port;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return (tls ? "rediss://" : "redis://") + address();
  }
}
