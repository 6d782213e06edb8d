package org.firstlight.redis.event;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.pipeline.Pipelines;

/** The streams of all shards as one. */
public final class RedisEventStream implements EventStream, AutoCloseable {
  private final Pipelines redis;
  private final Nodes nodes;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

  public RedisEventStream(Pipelines redis, Nodes nodes) {
    this.redis = redis;
    this.nodes = nodes;
  }

  @Override
  public CompletionStage<List<Entry>> newest(int most, Predicate<String> types) {
    return most < 1
        ? CompletableFuture.completedStage(List.of())
        : new NewestEvents(redis, most, types).find();
  }

  /**
   * @throws IllegalArgumentException if the cursor is not one of ours
   */
  @Override
  public AutoCloseable follow(String cursor, Predicate<String> types, Consumer<Entry> consumer) {
    Follower follower =
        new Follower(
            cursor.isEmpty() ? null : StreamPosition.parse(cursor),
            nodes,
            types,
            consumer,
            followers::remove);
    followers.add(follower);
    follower.start();
    return follower;
  }

  @Override
  public void close() {
    List.copyOf(followers).forEach(Follower::close);
  }
}
