package org.firstlight.redis.state;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.state.Leases;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;

/** Leases as keys that expire: Redis's clock alone decides. */
public final class RedisLeases implements Leases {
  private static final Script LEASE = Script.beside(RedisLeases.class, "lease.lua");

  private static final Script RELEASE = Script.beside(RedisLeases.class, "release.lua");

  private final Pipelines redis;

  public RedisLeases(Pipelines redis) {
    this.redis = redis;
  }

  @Override
  public CompletionStage<Boolean> take(String name, String node, Duration duration) {
    byte[][] keys = {Keys.lease(name)};
    return redis
        .run(Shard.of(name), LEASE, keys, Bytes.of(node), Bytes.of(duration.toMillis()))
        .thenApply(reply -> Bytes.number(reply) == 1);
  }

  @Override
  public CompletionStage<Void> release(String name, String node) {
    byte[][] keys = {Keys.lease(name)};
    return redis.run(Shard.of(name), RELEASE, keys, Bytes.of(node)).thenAccept(reply -> {});
  }
}
