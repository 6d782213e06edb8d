package org.firstlight.redis.node;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Which node holds each shard, as it was last learnt: at the start, some times a second, and
 * whenever a node is lost or says that it is another's. For all threads.
 */
public final class Nodes implements AutoCloseable {
  /** An owner of each shard; a new one has a higher number. */
  private record Owners(long number, List<Node> byShard) {}

  private static final Logger log = LoggerFactory.getLogger(Nodes.class);
  private static final long LEARN_EVERY_MS = 250;
  private static final Duration FRESH = Duration.ofMillis(20);

  private final Topology topology;
  private final Connector connector;
  private final Finder finder;
  private final ScheduledExecutorService clock;
  private volatile Owners owners;
  private volatile Optional<String> trouble = Optional.empty();
  private long learntNanos;

  /**
   * Finds them for the first time.
   *
   * @throws JedisException if nobody who knows can be asked
   */
  public Nodes(Topology topology, Login login, Optional<Tls> tls) {
    this.topology = topology;
    connector = new Connector(login, tls);
    finder = finder(topology, connector, tls);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "redis-nodes");
              thread.setDaemon(true);
              return thread;
            });
    try {
      owners = new Owners(1, List.copyOf(finder.find()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    if (!(topology instanceof Topology.Standalone)) {
      clock.scheduleWithFixedDelay(
          this::learn, LEARN_EVERY_MS, LEARN_EVERY_MS, TimeUnit.MILLISECONDS);
    }
  }

  private static Finder finder(Topology topology, Connector connector, Optional<Tls> tls) {
    if (topology instanceof Topology.Sentinel watched) {
      return new SentinelFinder(watched, new Connector(watched.login(), tls));
    }
    if (topology instanceof Topology.Cluster cluster) {
      return new ClusterFinder(cluster, connector);
    }
    return new Finder.Fixed(((Topology.Standalone) topology).node());
  }

  /** The node that takes a shard's writes. */
  public Node of(int shard) {
    return owners.byShard().get(shard);
  }

  /** All that take writes. */
  public Set<Node> masters() {
    return new LinkedHashSet<>(owners.byShard());
  }

  /** Whether one command may have keys of one shard alone. */
  public boolean isCluster() {
    return topology instanceof Topology.Cluster;
  }

  /** Another number: shards have moved. */
  public long number() {
    return owners.number();
  }

  /** Asks again; what cannot be found out stays as it was. May wait for those who are asked. */
  public synchronized void learn() {
    if (clock.isShutdown() || System.nanoTime() - learntNanos < FRESH.toNanos()) {
      return;
    }
    try {
      List<Node> found = List.copyOf(finder.find());
      if (!found.equals(owners.byShard())) {
        owners = new Owners(owners.number() + 1, found);
        log.info("Redis: records are written to {}", masters());
      }
      trouble = Optional.empty();
    } catch (RuntimeException e) {
      if (trouble.isEmpty()) {
        log.warn("which Redis to write to cannot be found out: {}", e.getMessage());
      }
      trouble = Optional.of(String.valueOf(e.getMessage()));
    }
    learntNanos = System.nanoTime();
  }

  /** Why it cannot be found out at present. */
  public Optional<String> trouble() {
    return trouble;
  }

  /**
   * A signed-in connection to a node that takes writes.
   *
   * @throws JedisException if it cannot be had
   */
  public Connection open(Node node) {
    Connection connection = connector.open(node);
    try {
      finder.verify(connection);
      return connection;
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** To ask nodes about themselves. */
  public Questions questions() {
    return new Questions(connector);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    synchronized (this) {
      finder.close();
    }
  }
}
