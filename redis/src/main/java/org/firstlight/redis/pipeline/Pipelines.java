package org.firstlight.redis.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.firstlight.redis.node.Nodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * Takes the commands of every port to the node that holds their shard. Those of one shard go
 * through one writer, in order; queries over many shards go beside them, so that nobody's Update
 * waits behind a list, and so do records that wait for a replica, so that nobody else waits for it.
 *
 * <p>A reply is {@code byte[]}, {@code Long}, {@code List} of these, or null; stages complete on a
 * pool of this class, exceptionally with {@link
 * org.firstlight.fleet.failure.DependencyUnavailableException} where a retry can help.
 */
public final class Pipelines implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pipelines.class);
  private static final int WRITERS = 2;
  private static final long EXPIRY_CHECK_MS = 100;

  private final List<Lane> writers = new ArrayList<>();
  private final Optional<Lane> guarded;
  private final Lane queries;
  private final List<Lane> lanes = new ArrayList<>();
  private final ForkJoinPool completions;
  private final ScheduledExecutorService clock;

  /**
   * @param replicas how many must have received what {@link #runGuarded} writes
   * @param queueBound commands that may wait per writer
   */
  public Pipelines(Nodes nodes, int replicas, int queueBound) {
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
      writers.add(new Lane("writer-" + i, nodes, completions, 0, queueBound));
    }
    guarded =
        replicas == 0
            ? Optional.empty()
            : Optional.of(new Lane("guarded", nodes, completions, replicas, queueBound));
    queries = new Lane("queries", nodes, completions, 0, queueBound);
    lanes.addAll(writers);
    guarded.ifPresent(lanes::add);
    lanes.add(queries);
    clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "redis-expiry");
              thread.setDaemon(true);
              return thread;
            });
  }

  public Pipelines start() {
    lanes.forEach(Lane::start);
    clock.scheduleAtFixedRate(
        this::expire, EXPIRY_CHECK_MS, EXPIRY_CHECK_MS, TimeUnit.MILLISECONDS);
    return this;
  }

  public CompletableFuture<@Nullable Object> send(
      int shard, ProtocolCommand command, byte[]... arguments) {
    return writer(shard).send(Call.of(shard, command, arguments));
  }

  public CompletableFuture<@Nullable Object> run(
      int shard, Script script, byte[][] keys, byte[]... arguments) {
    return writer(shard).send(Call.of(shard, script, keys, arguments));
  }

  /**
   * The same, for what must outlive the loss of its node: a caller hears of it when as many
   * replicas as were asked for have it too. Not in order with what the shard's writer takes: who
   * needs an order waits for the reply.
   */
  public CompletableFuture<@Nullable Object> runGuarded(
      int shard, Script script, byte[][] keys, byte[]... arguments) {
    return guarded.orElseGet(() -> writer(shard)).send(Call.of(shard, script, keys, arguments));
  }

  /** For reads that span shards: many of them go as one pipeline. The first argument is the key. */
  public CompletableFuture<@Nullable Object> query(ProtocolCommand command, byte[]... arguments) {
    return queries.send(Call.of(Keys.shardOf(arguments[0]), command, arguments));
  }

  /** The same for a script that only reads; its keys lie in one shard. */
  public CompletableFuture<@Nullable Object> query(
      Script script, byte[][] keys, byte[]... arguments) {
    return queries.send(Call.of(Keys.shardOf(keys[0]), script, keys, arguments));
  }

  /** What is wrong at present, in words. */
  public Optional<String> trouble() {
    return all().stream().map(RedisPipeline::trouble).flatMap(Optional::stream).findFirst();
  }

  /** One that fails does not end those that come after it. */
  private void expire() {
    for (RedisPipeline pipeline : all()) {
      try {
        pipeline.expire(System.nanoTime());
      } catch (RuntimeException fault) {
        LOG.warn("a connection to Redis could not be looked after", fault);
      }
    }
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
    // until then it cuts a connection that stands still
    clock.shutdownNow();
    completions.shutdown();
  }

  private Lane writer(int shard) {
    return writers.get(shard % writers.size());
  }

  private List<RedisPipeline> all() {
    return lanes.stream().flatMap(lane -> lane.pipelines().stream()).toList();
  }
}
