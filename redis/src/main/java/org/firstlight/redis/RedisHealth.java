package org.firstlight.redis;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Pipelines;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/** Says in words what is wrong with Redis, from what it last told; asking costs nothing. */
public final class RedisHealth implements AutoCloseable {
  private static final long ASK_EVERY_MS = 1_000;
  private static final double NEARLY_FULL = 0.95;

  private final Pipelines pipelines;
  private final RedisSettings settings;
  private final ScheduledExecutorService clock;
  private volatile Optional<String> told = Optional.empty();

  RedisHealth(Pipelines pipelines, RedisSettings settings) {
    this.pipelines = pipelines;
    this.settings = settings;
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
    return pipelines
        .trouble()
        .or(() -> told)
        .map(words -> "Redis at %s: %s".formatted(settings.address(), words));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  private void ask() {
    pipelines.query(Command.INFO).whenComplete(this::learn);
  }

  private void learn(@Nullable Object reply, @Nullable Throwable failure) {
    if (failure != null) {
      told = Optional.of(String.valueOf(failure.getMessage()));
    } else {
      told = complaint(RedisInfo.parse(Bytes.text(reply)));
    }
  }

  static Optional<String> complaint(RedisInfo info) {
    if (info.get("aof_last_write_status").equals("err")) {
      return Optional.of("it cannot write its append-only file: the disk is full or broken");
    }
    if (!info.get("aof_enabled").equals("1")) {
      return Optional.of("appendonly is \"no\": a restart would lose acknowledged records");
    }
    if (!info.get("maxmemory_policy").equals("noeviction")) {
      return Optional.of("maxmemory-policy is not \"noeviction\": it may throw records away");
    }
    long limit = number(info.get("maxmemory"));
    if (limit > 0 && number(info.get("used_memory")) > limit * NEARLY_FULL) {
      return Optional.of("its memory limit (maxmemory) is reached or nearly so");
    }
    return Optional.empty();
  }

  private static long number(String text) {
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }
}
