package org.firstlight.redis;

import java.time.Clock;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Stores;
import org.firstlight.redis.device.RedisRegistrations;
import org.firstlight.redis.device.RedisReportedValues;
import org.firstlight.redis.event.RedisEventStream;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.state.RedisFleetState;
import org.firstlight.redis.state.RedisLeases;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** Every port of the fleet on one Redis. */
public final class RedisStores implements AutoCloseable {
  private final Pipelines pipelines;
  private final RedisEventStream events;
  private final Stores stores;
  private final RedisHealth health;

  private RedisStores(RedisSettings settings, Clock clock) {
    pipelines = new Pipelines(() -> Connections.open(settings), settings.queueBound()).start();
    events = new RedisEventStream(pipelines, () -> Connections.open(settings));
    stores =
        new Stores(
            new RedisFleetState(pipelines, clock),
            new RedisRegistrations(pipelines),
            new RedisReportedValues(pipelines),
            events,
            new RedisLeases(pipelines));
    health = new RedisHealth(pipelines, settings);
  }

  /**
   * Connects, after checking that this Redis keeps what it acknowledges.
   *
   * @throws RedisUnusableException naming the version or setting that is wrong
   * @throws DependencyUnavailableException if it cannot be reached now
   */
  public static RedisStores open(RedisSettings settings, Clock clock) {
    check(settings);
    if (ask(settings, Command.EXISTS, Keys.restoring()).equals(1L)) {
      throw new RedisUnusableException(
          "a restore into this Redis is under way or was not finished: half a store is no store. Let"
              + " it end, or run ./firstlight restore again, which begins anew");
    }
    return new RedisStores(settings, clock);
  }

  /** That this Redis can be reached, and keeps what it acknowledges. */
  static void check(RedisSettings settings) {
    RedisInfo.parse(Bytes.text(ask(settings, Command.INFO))).check();
  }

  private static Object ask(RedisSettings settings, Command command, byte[]... arguments) {
    try (Connection connection = Connections.open(settings)) {
      connection.sendCommand(command, arguments);
      return connection.getOne();
    } catch (JedisException e) {
      throw new DependencyUnavailableException(
          "Redis at %s cannot be used: %s".formatted(settings.address(), e.getMessage()), e);
    }
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
  }
}
