package org.firstlight.redis;

import java.net.URI;
import java.util.Optional;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Tls;
import org.firstlight.redis.node.Topology;

/**
 * Where Redis is and how to sign in to it.
 *
 * @param tls how connections are encrypted; empty if they are not
 * @param replicas how many must have received a record that waits for them: none, or one
 * @param queueBound commands that may wait per writer; what comes beyond is refused as busy
 */
public record RedisSettings(
    Topology topology, Login login, Optional<Tls> tls, int replicas, int queueBound) {
  public static final int DEFAULT_QUEUE_BOUND = 20_000;

  public RedisSettings {
    if (replicas < 0 || replicas > 1) {
      throw new IllegalArgumentException("records wait for no replica or for one");
    }
    if (queueBound < 1) {
      throw new IllegalArgumentException("the queue to Redis needs room for one command at least");
    }
  }

  /** Without TLS and without waiting for a replica. */
  public static RedisSettings of(Topology topology, Login login) {
    return new RedisSettings(topology, login, Optional.empty(), 0, DEFAULT_QUEUE_BOUND);
  }

  /**
   * One Redis, from {@code redis://host:port} or, with TLS, {@code rediss://host:port}. User and
   * password stand elsewhere: a URI ends up in logs.
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
    Node node = Node.parse(parsed.getAuthority());
    RedisSettings plain = of(new Topology.Standalone(node), new Login(user, password));
    return tls ? plain.with(new Tls(Optional.empty())) : plain;
  }

  public RedisSettings with(Tls encryption) {
    return new RedisSettings(topology, login, Optional.of(encryption), replicas, queueBound);
  }

  public RedisSettings withReplicas(int count) {
    return new RedisSettings(topology, login, tls, count, queueBound);
  }

  public RedisSettings withQueueBound(int bound) {
    return new RedisSettings(topology, login, tls, replicas, bound);
  }

  /** Where it is, for people to read. */
  public String address() {
    if (topology instanceof Topology.Sentinel watched) {
      return "%s of the sentinels %s".formatted(watched.master(), watched.sentinels());
    }
    if (topology instanceof Topology.Cluster cluster) {
      return "the cluster of %s".formatted(cluster.seeds());
    }
    return ((Topology.Standalone) topology).node().toString();
  }

  /** Without the password. */
  @Override
  public String toString() {
    return (tls.isPresent() ? "rediss://" : "redis://") + address();
  }
}
