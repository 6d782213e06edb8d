package org.firstlight.redis;

import java.time.Clock;
import org.firstlight.redis.backup.Backups;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.pipeline.Pipelines;

/** Opens Redis for backup and restore, without starting on what is in it. */
public final class RedisBackup implements AutoCloseable {
  private final Nodes nodes;
  private final Pipelines pipelines;
  private final Backups backups;

  /**
   * @throws RedisUnusableException naming the version or setting that is wrong
   * @throws org.firstlight.fleet.failure.DependencyUnavailableException if it cannot be reached now
   */
  public RedisBackup(RedisSettings settings, Clock clock) {
    nodes = RedisStores.connect(settings);
    pipelines = new Pipelines(nodes, 0, settings.queueBound()).start();
    backups =
        new Backups(pipelines, () -> nodes.masters().stream().map(nodes::open).toList(), clock);
  }

  public Backups backups() {
    return backups;
  }

  @Override
  public void close() {
    pipelines.close();
    nodes.close();
  }
}
