package org.firstlight.redis;

import java.time.Clock;
import java.util.List;
import org.firstlight.redis.backup.Backups;
import org.firstlight.redis.pipeline.Pipelines;

/** Opens Redis for backup and restore, without starting on what is in it. */
public final class RedisBackup implements AutoCloseable {
  private final Pipelines pipelines;
  private final Backups backups;

  /**
   * @throws RedisUnusableException naming the version or setting that is wrong
   * @throws org.firstlight.fleet.failure.DependencyUnavailableException if it cannot be reached now
   */
  public RedisBackup(RedisSettings settings, Clock clock) {
    RedisStores.check(settings);
    pipelines = new Pipelines(() -> Connections.open(settings), settings.queueBound()).start();
    backups = new Backups(pipelines, () -> List.of(Connections.open(settings)), clock);
  }

  public Backups backups() {
    return backups;
  }

  @Override
  public void close() {
    pipelines.close();
  }
}
