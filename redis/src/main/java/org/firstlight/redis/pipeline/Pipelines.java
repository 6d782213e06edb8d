package org.firstlight.redis.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * Takes the commands of every port to Redis. Those of one shard go through one writer, in order;
 * queries over many shards have a writer of their own, so that nobody's Update waits behind a list.
 *
 * <p>A reply is {@code byte[]}, {@code Long}, {@code List} of these, or null; stages complete on a
 * pool of this class, exceptionally with {@link
 * org.firstlight.fleet.failure.DependencyUnavailableException} where a retry can help.
 */
public final class Pipelines implements AutoCloseable {
  private static final int WRITERS = 2;
  private static final long EXPIRY_CHECK_MS = 100;

  private final List<RedisPipeline> writers = new ArrayList<>();
  private final RedisPipeline queries;
  private final ForkJoinPool completions;
  private final ScheduledExecutorService clock;

  /**
   * @param connector opens an authenticated connection whose reads time out
   * @param queueBound commands that may wait per writer
   */
  public Pipelines(Supplier<Connection> connector, int queueBound) {
    // a pool that adds a thread when one of its own waits: a caller that joins blocks nobody else
    completions =
        new ForkJoinPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            pool -> {
              var thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
              thread.setName("redis-reply-" + thread.getPoolIndex());
              return thread;
            },
            null,
            true);
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new RedisPipeline("writer-" + i, connector, completions, queueBound));
    }
    queries = new RedisPipeline("queries", connector, completions, queueBound);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "redis-expiry");
              thread.setDaemon(true);
              return thread;
            });
  }

  public Pipelines start() {
    all().forEach(RedisPipeline::start);
    clock.scheduleAtFixedRate(
        () -> all().forEach(pipeline -> pipeline.expire(System.nanoTime())),
        EXPIRY_CHECK_MS,
        EXPIRY_CHECK_MS,
        TimeUnit.MILLISECONDS);
    return this;
  }

  public CompletableFuture<@Nullable Object> send(
      int shard, ProtocolCommand command, byte[]... arguments) {
    return writer(shard).send(Call.of(command, arguments));
  }

  public CompletableFuture<@Nullable Object> run(
      int shard, Script script, byte[][] keys, byte[]... arguments) {
    return writer(shard).send(Call.of(script, keys, arguments));
  }

  /** For reads that span shards: many of them go as one pipeline. */
  public CompletableFuture<@Nullable Object> query(ProtocolCommand command, byte[]... arguments) {
    return queries.send(Call.of(command, arguments));
  }

  /** The same for a script that only reads; its keys lie in one shard. */
  public CompletableFuture<@Nullable Object> query(
      Script script, byte[][] keys, byte[]... arguments) {
    return queries.send(Call.of(script, keys, arguments));
  }

  /** What is wrong at present, in words. */
  public Optional<String> trouble() {
    return all().stream().map(RedisPipeline::trouble).flatMap(Optional::stream).findFirst();
  }

  @Override
  public void close() {
    clock.shutdownNow();
    all().forEach(RedisPipeline::stop);
    all().forEach(RedisPipeline::close);
    completions.shutdown();
  }

  private RedisPipeline writer(int shard) {
    return writers.get(shard % writers.size());
  }

  private List<RedisPipeline> all() {
    List<RedisPipeline> all = new ArrayList<>(writers);
    all.add(queries);
    return all;
  }
}
