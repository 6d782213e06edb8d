package org.firstlight.redis.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Nodes;
import org.jspecify.annotations.Nullable;

/**
 * One way to Redis: a pipeline to each node, and for each shard the one that its commands take, so
 * that they stay in order. When a shard moves to another node, its pipeline itself hands over what
 * waits, between two batches: nothing overtakes.
 */
final class Lane implements AutoCloseable {
  private final String name;
  private final Nodes nodes;
  private final Executor completions;
  private final int replicas;
  private final int queueBound;
  private final ReadWriteLock moves = new ReentrantReadWriteLock();
  private final RedisPipeline[] byShard = new RedisPipeline[Shard.COUNT];
  private final Map<Node, RedisPipeline> byNode = new HashMap<>();
  private boolean closed;

  /**
   * @param replicas how many must have what is written before a caller hears of it
   */
  Lane(String name, Nodes nodes, Executor completions, int replicas, int queueBound) {
    this.name = name;
    this.nodes = nodes;
    this.completions = completions;
    this.replicas = replicas;
    this.queueBound = queueBound;
  }

  void start() {
    changing(
        () -> {
          for (int shard = 0; shard < Shard.COUNT; shard++) {
            byShard[shard] = to(nodes.of(shard));
          }
        });
  }

  /** Queues a command; never waits. */
  CompletableFuture<@Nullable Object> send(Call call) {
    moves.readLock().lock();
    try {
      return byShard[call.shard()].send(call);
    } finally {
      moves.readLock().unlock();
    }
  }

  /** Sends a command to a node that has its key already, while the shard is still another's. */
  void sendAside(Node node, Call call) {
    call.ask(true);
    changing(() -> to(node).send(call));
  }

  /**
   * Hands what is another node's now to the pipeline there; called by a pipeline's own thread, with
   * nothing in flight.
   *
   * @param taken what it has taken from its queue: what is handed over is removed
   */
  void settle(RedisPipeline from, List<Call> taken) {
    changing(
        () -> {
          boolean[] leaves = new boolean[Shard.COUNT];
          for (int shard = 0; shard < Shard.COUNT; shard++) {
            Node owner = nodes.of(shard);
            if (byShard[shard] == from && !owner.equals(from.node())) {
              byShard[shard] = to(owner);
              leaves[shard] = true;
            }
          }
          Predicate<Call> moving = call -> call.follows(leaves);
          List<Call> moved = new ArrayList<>(taken.stream().filter(moving).toList());
          taken.removeAll(moved);
          moved.addAll(from.withdraw(moving));
          moved.forEach(call -> byShard[call.shard()].send(call));
        });
  }

  /** Ends a pipeline that no shard takes any more; false if one does. */
  boolean dismiss(RedisPipeline pipeline) {
    moves.writeLock().lock();
    try {
      boolean needed =
          !pipeline.isEmpty() || Stream.of(byShard).anyMatch(taken -> taken == pipeline);
      return !needed && byNode.remove(pipeline.node(), pipeline);
    } finally {
      moves.writeLock().unlock();
    }
  }

  List<RedisPipeline> pipelines() {
    moves.readLock().lock();
    try {
      return List.copyOf(byNode.values());
    } finally {
      moves.readLock().unlock();
    }
  }

  /** Sends what is queued, then ends. */
  @Override
  public void close() {
    changing(() -> closed = true);
    pipelines().forEach(RedisPipeline::stop);
    pipelines().forEach(RedisPipeline::close);
  }

  private void changing(Runnable change) {
    moves.writeLock().lock();
    try {
      change.run();
    } finally {
      moves.writeLock().unlock();
    }
  }

  private RedisPipeline to(Node node) {
    RedisPipeline known = byNode.get(node);
    if (known != null) {
      return known;
    }
    RedisPipeline fresh =
        new RedisPipeline(name, node, nodes, this, completions, replicas, queueBound);
    byNode.put(node, fresh);
    if (closed) {
      fresh.stop();
    }
    fresh.start();
    return fresh;
  }
}
