package org.firstlight.redis;

import java.time.Clock;
import java.util.concurrent.CompletionException;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Stores;
import org.firstlight.redis.device.RedisRegistrations;
import org.firstlight.redis.device.RedisReportedValues;
import org.firstlight.redis.device.RedisResumableSessions;
import org.firstlight.redis.event.RedisEventStream;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.node.Questions;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Faults;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.state.RedisFleetState;
import org.firstlight.redis.state.RedisLeases;
import org.firstlight.redis.state.RedisSetAsideRecords;
import org.firstlight.redis.state.Reindexing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** Every port of the fleet on Redis, one or many. */
public final class RedisStores implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisStores.class);

  private final Nodes nodes;
  private final Pipelines pipelines;
  private final RedisEventStream events;
  private final Stores stores;
  private final RedisHealth health;

  private RedisStores(Nodes nodes, RedisSettings settings, Clock clock) {
    this.nodes = nodes;
    pipelines = new Pipelines(nodes, settings.replicas(), settings.queueBound()).start();
    events = new RedisEventStream(pipelines, nodes);
    stores =
        new Stores(
            new RedisFleetState(pipelines, clock),
            new RedisRegistrations(pipelines),
            new RedisReportedValues(pipelines),
            events,
            new RedisResumableSessions(pipelines),
            new RedisLeases(pipelines),
            new RedisSetAsideRecords(pipelines));
    health = new RedisHealth(pipelines, nodes, settings.replicas());
  }

  /**
   * Connects, after checking that each Redis that takes writes keeps what it acknowledges.
   *
   * @throws RedisUnusableException naming the version or setting that is wrong
   * @throws DependencyUnavailableException if it cannot be reached now
   */
  public static RedisStores open(RedisSettings settings, Clock clock) {
    Nodes nodes = connect(settings);
    try (Questions questions = nodes.questions()) {
      String mark = Bytes.text(Keys.restoring());
      if (questions.ask(nodes.of(0), "EXISTS " + mark).equals(1L)) {
        throw new RedisUnusableException(
            "a restore into this Redis is under way or was not finished: half a store is no store."
                + " Let it end, or run ./firstlight restore again, which begins anew");
      }
      RedisStores stores = new RedisStores(nodes, settings, clock);
      try {
        new Reindexing(stores.pipelines).run();
        return stores;
      } catch (RuntimeException e) {
        stores.close();
        throw e instanceof CompletionException done
                && done.getCause() instanceof RuntimeException why
            ? why
            : e;
      }
    } catch (RuntimeException e) {
      nodes.close();
      throw unavailable(settings, e);
    }
  }

  /** Finds those that take writes, and checks that each can be reached and keeps what it says. */
  static Nodes connect(RedisSettings settings) {
    try {
      Nodes nodes = new Nodes(settings.topology(), settings.login(), settings.tls());
      try (Questions questions = nodes.questions()) {
        nodes.masters().forEach(node -> check(node, questions, settings.replicas()));
        return nodes;
      } catch (RuntimeException e) {
        nodes.close();
        throw e;
      }
    } catch (JedisException e) {
      throw unavailable(settings, e);
    }
  }

  private static void check(Node master, Questions questions, int replicas) {
    RedisInfo info = RedisInfo.of(questions, master);
    info.check();
    if (replicas > 0 && !info.refusesWritesAlone()) {
      log.warn(
          "Redis at {} goes on writing when no replica follows: set min-replicas-to-write 1, or what"
              + " is acknowledged may be lost with it",
          master);
    }
  }

  private static RuntimeException unavailable(RedisSettings settings, RuntimeException cause) {
    return cause instanceof JedisException
        ? new DependencyUnavailableException(
            "Redis at %s cannot be used: %s".formatted(settings.address(), Faults.inWords(cause)),
            cause)
        : cause;
  }

  public Stores stores() {
    return stores;
  }

  public RedisHealth health() {
    return health;
  }

  /** Sends what is still queued, then disconnects. */
  @Override
  public void close() {
    health.close();
    events.close();
    pipelines.close();
    nodes.close();
  }
}
