package org.firstlight.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.node.Questions;
import org.firstlight.redis.pipeline.Faults;
import org.firstlight.redis.pipeline.Pipelines;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Says in words what is wrong with Redis, and with which, from what each last told; asking costs
 * nothing.
 */
public final class RedisHealth implements AutoCloseable {
  private static final long ASK_EVERY_MS = 1_000;
  private static final double NEARLY_FULL = 0.95;

  private final Pipelines pipelines;
  private final Nodes nodes;
  private final int replicas;
  private final Questions questions;
  private final ScheduledExecutorService clock;
  private volatile List<String> told = List.of();

  RedisHealth(Pipelines pipelines, Nodes nodes, int replicas) {
    this.pipelines = pipelines;
    this.nodes = nodes;
    this.replicas = replicas;
    this.questions = nodes.questions();
    clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "redis-health");
              thread.setDaemon(true);
              return thread;
            });
    clock.scheduleWithFixedDelay(this::ask, 0, ASK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** What is wrong; empty if nothing is. */
  public Optional<String> problem() {
    return pipelines.trouble().or(() -> told.stream().findFirst()).or(nodes::trouble);
  }

  @Override
  public void close() {
    clock.execute(questions::close);
    clock.shutdown();
  }

  private void ask() {
    List<String> complaints = new ArrayList<>();
    for (Node master : nodes.masters()) {
      complaint(master)
          .ifPresent(words -> complaints.add("Redis at %s: %s".formatted(master, words)));
    }
    told = List.copyOf(complaints);
  }

  private Optional<String> complaint(Node master) {
    try {
      Optional<String> itself = complaint(RedisInfo.of(questions, master), replicas);
      return itself.isPresent() || !nodes.isCluster() ? itself : complaintOfCluster(master);
    } catch (JedisException e) {
      return Optional.of(Faults.inWords(e));
    }
  }

  private Optional<String> complaintOfCluster(Node master) {
    RedisInfo cluster = RedisInfo.parse(questions.ask(master, "CLUSTER INFO").toString());
    long lost = cluster.number("cluster_slots_fail");
    long served = cluster.number("cluster_slots_ok");
    return cluster.get("cluster_state").equals("ok")
        ? Optional.empty()
        : Optional.of(
            "the cluster is down: %d slots are served, %d are not".formatted(served, lost));
  }

  static Optional<String> complaint(RedisInfo info, int replicas) {
    if (info.get("aof_last_write_status").equals("err")) {
      return Optional.of("it cannot write its append-only file: the disk is full or broken");
    }
    if (!info.get("aof_enabled").equals("1")) {
      return Optional.of("appendonly is \"no\": a restart would lose acknowledged records");
    }
    if (!info.get("maxmemory_policy").equals("noeviction")) {
      return Optional.of("maxmemory-policy is not \"noeviction\": it may throw records away");
    }
    long limit = info.number("maxmemory");
    if (limit > 0 && info.number("used_memory") > limit * NEARLY_FULL) {
      return Optional.of("its memory limit (maxmemory) is reached or nearly so");
    }
    if (info.get("role").equals("slave")) {
      return Optional.of("it is a replica and takes no writes");
    }
    long following = info.number("connected_slaves");
    return following < replicas
        ? Optional.of("no replica follows it, though records wait for one (redis.replicas)")
        : Optional.empty();
  }
}
