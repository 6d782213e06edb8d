package org.firstlight.cli.platform;

import java.time.Clock;
import java.time.Duration;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.redis.RedisBackup;
import org.firstlight.redis.backup.Backups;

/** State for an offline tool: the Redis that the configuration names, started if nobody has. */
public final class ToolRedis implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Shutdown shutdown = new Shutdown(PATIENCE);
  private final RedisBackup redis;

  private ToolRedis(FirstlightConfig config, boolean beside, Clock clock) {
    try {
      redis =
          shutdown.closing(
              "state", new RedisBackup(Redis.forTool(config, beside, shutdown), clock));
    } catch (RuntimeException e) {
      shutdown.close();
      throw e;
    }
  }

  /** Works whether servers run or not. */
  public static ToolRedis besideServers(FirstlightConfig config, Clock clock) {
    return new ToolRedis(config, true, clock);
  }

  /** Refuses to work beside servers where Redis is theirs alone. */
  public static ToolRedis withoutServers(FirstlightConfig config, Clock clock) {
    return new ToolRedis(config, false, clock);
  }

  public Backups backups() {
    return redis.backups();
  }

  @Override
  public void close() {
    shutdown.close();
  }
}
