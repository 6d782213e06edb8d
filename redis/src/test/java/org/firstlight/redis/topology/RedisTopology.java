package org.firstlight.redis.topology;

import java.nio.file.Path;
import java.util.List;
import org.firstlight.redis.RedisSettings;

/** Some Redis processes that keep one fleet. */
public interface RedisTopology extends AutoCloseable {
  /** How to reach it. */
  RedisSettings settings();

  /** The {@code redis} section of a configuration that reaches it; may write files there. */
  String configuration(Path folder);

  /** All that keep records, masters and replicas, in no order that means anything. */
  List<RedisProcess> processes();

  /** The one that has a shard's records now, as the others see it. */
  RedisProcess masterOf(int shard);

  @Override
  void close();
}
