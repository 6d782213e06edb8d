package org.firstlight.redis.pipeline;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One connection, one thread, one bounded queue. The thread drains what has queued, sends it as one
 * pipeline and reads the replies; while it does, the next batch gathers: the busier, the larger.
 *
 * <p>A broken connection fails what was sent on it, for nobody knows whether it was done, and is
 * opened again with back-off and jitter. What had not been sent waits for that, {@link #PATIENCE}
 * at most.
 */
final class RedisPipeline implements AutoCloseable {
  /** How long a command may take from its call to its reply. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(RedisPipeline.class);
  private static final int BATCH_COMMANDS = 512;
  private static final int BATCH_BYTES = 1 << 20;
  private static final long IDLE_CHECK_MS = 500;
  private static final long FIRST_BACK_OFF_MS = 20;
  private static final long LONGEST_BACK_OFF_MS = 500;

  private final String name;
  private final Supplier<Connection> connector;
  private final Executor completions;
  private final BlockingQueue<Call> queue;
  private final List<Call> again = new ArrayList<>();
  private final Thread thread;
  private volatile @Nullable Connection connection;
  private volatile long sentNanos;
  private volatile Optional<String> trouble = Optional.of("not connected yet");
  private volatile boolean closed;
  private boolean wasConnected;

  RedisPipeline(String name, Supplier<Connection> connector, Executor completions, int queueBound) {
    this.name = name;
    this.connector = connector;
    this.completions = completions;
    this.queue = new LinkedBlockingQueue<>(queueBound);
    this.thread = new Thread(this::run, "redis-" + name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Queues a command; never waits. */
  CompletableFuture<@Nullable Object> send(Call call) {
    if (closed) {
      fail(call, "the connection to Redis is closed");
    } else if (!queue.offer(call)) {
      fail(call, "busy: too many commands are waiting for Redis");
    }
    return call.reply();
  }

  /** Why commands fail at present; empty while they do not. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Fails what has waited too long, and cuts a connection that stands still. */
  void expire(long nowNanos) {
    for (Call head = queue.peek();
        head != null && nowNanos - head.queuedNanos() > PATIENCE.toNanos();
        head = queue.peek()) {
      if (queue.remove(head)) {
        fail(head, trouble.orElse("Redis did not answer in time"));
      }
    }
    long sent = sentNanos;
    Connection current = connection;
    if (sent != 0 && nowNanos - sent > PATIENCE.toNanos() && current != null) {
      disconnect(current);
    }
  }

  /** Takes no more; what is queued is still sent. */
  void stop() {
    closed = true;
    queue.offer(Call.of(Protocol.Command.PING));
  }

  /** Sends what is queued, then ends. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Connection current = connection;
    if (current != null) {
      disconnect(current);
    }
    for (Call call = queue.poll(); call != null; call = queue.poll()) {
      fail(call, "the connection to Redis is closed");
    }
  }

  private void run() {
    try {
      while (!closed || !queue.isEmpty()) {
        Connection open = connection != null ? connection : connect();
        if (open == null) {
          return;
        }
        List<Call> batch = nextBatch();
        if (batch.isEmpty()) {
          batch.add(Call.of(Protocol.Command.PING));
        }
        exchange(open, batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Call> nextBatch() throws InterruptedException {
    List<Call> batch = new ArrayList<>(again);
    again.clear();
    Call call = batch.isEmpty() ? queue.poll(IDLE_CHECK_MS, TimeUnit.MILLISECONDS) : queue.poll();
    int bytes = 0;
    while (call != null) {
      batch.add(call);
      bytes += call.bytes();
      call = batch.size() < BATCH_COMMANDS && bytes < BATCH_BYTES ? queue.poll() : null;
    }
    return batch;
  }

  private void exchange(Connection open, List<Call> batch) {
    int answered = 0;
    sentNanos = System.nanoTime();
    try {
      for (Call call : batch) {
        open.sendCommand(call.command(), call.arguments());
      }
      for (Call call : batch) {
        answer(call, reply(open, answered == 0));
        answered++;
      }
    } catch (RuntimeException e) {
      broken(open, e);
      String unknown = "the connection to Redis broke: whether it was done is not known";
      batch.subList(answered, batch.size()).forEach(call -> fail(call, unknown));
    } finally {
      sentNanos = 0;
    }
  }

  private static @Nullable Object reply(Connection open, boolean first) {
    try {
      return first ? open.getOne() : open.getUnflushedObject();
    } catch (JedisDataException e) {
      return e;
    }
  }

  /** Callers go on in a thread that is not this one: theirs may take long, or wait. */
  private void answer(Call call, @Nullable Object reply) {
    if (!(reply instanceof JedisDataException error)) {
      complete(() -> call.reply().complete(reply));
    } else if (String.valueOf(error.getMessage()).startsWith("NOSCRIPT") && call.carryBody()) {
      again.add(call);
    } else {
      complete(() -> call.reply().completeExceptionally(Faults.of(call, error)));
    }
  }

  private void fail(Call call, String why) {
    RuntimeException failure = new DependencyUnavailableException(why);
    complete(() -> call.reply().completeExceptionally(failure));
  }

  private void complete(Runnable completion) {
    try {
      completions.execute(completion);
    } catch (RejectedExecutionException e) {
      completion.run();
    }
  }

  private @Nullable Connection connect() throws InterruptedException {
    long backOff = FIRST_BACK_OFF_MS;
    while (!closed) {
      Connection fresh = null;
      try {
        fresh = connector.get();
        if (!fresh.ping()) {
          throw new JedisException("no answer to PING");
        }
        connection = fresh;
        if (wasConnected) {
          log.info("Redis is back ({})", name);
        }
        wasConnected = true;
        trouble = Optional.empty();
        return fresh;
      } catch (RuntimeException e) {
        broken(fresh, e);
        Thread.sleep(ThreadLocalRandom.current().nextLong(backOff / 2, backOff + 1));
        backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MS);
      }
    }
    return null;
  }

  private void broken(@Nullable Connection open, RuntimeException cause) {
    connection = null;
    if (open != null) {
      disconnect(open);
    }
    again.forEach(call -> fail(call, "the connection to Redis broke"));
    again.clear();
    String words =
        cause instanceof JedisDataException error
            ? Faults.inWords(error)
            : "Redis cannot be reached: " + rootMessage(cause);
    if (trouble.isEmpty() && !closed) {
      log.warn("{} ({})", words, name);
    }
    trouble = Optional.of(words);
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static void disconnect(Connection open) {
    try {
      open.forceDisconnect();
    } catch (IOException e) {
      log.debug("closing a connection", e);
    }
  }
}
