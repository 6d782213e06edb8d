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
import java.util.function.Predicate;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Nodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisAskDataException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One connection to one node, one thread, one bounded queue. The thread drains what has queued,
 * sends it as one pipeline and reads the replies; while it does, the next batch gathers: the
 * busier, the larger.
 *
 * <p>A broken connection fails what was sent on it, for nobody knows whether it was done, and is
 * opened again with back-off and jitter. What had not been sent, or was refused by a node that is
 * not the right one or not ready, waits for that, {@link #PATIENCE} at most, and goes to the node
 * that has its shard by then.
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
  private static final byte[] REPLICA_MS = Bytes.of(1_000);

  private final String name;
  private final Node node;
  private final Nodes nodes;
  private final Lane lane;
  private final Executor completions;
  private final int replicas;
  private final BlockingQueue<Call> queue;
  private final List<Call> again = new ArrayList<>();
  private final Thread thread;
  private volatile @Nullable Connection connection;
  private volatile long sentNanos;
  private volatile Optional<String> trouble = Optional.of("not connected yet");
  private volatile boolean closed;
  private Optional<String> refusal = Optional.empty();
  private boolean wasConnected;
  private long settled;

  RedisPipeline(
      String name,
      Node node,
      Nodes nodes,
      Lane lane,
      Executor completions,
      int replicas,
      int queueBound) {
    this.name = name;
    this.node = node;
    this.nodes = nodes;
    this.lane = lane;
    this.completions = completions;
    this.replicas = replicas;
    this.queue = new LinkedBlockingQueue<>(queueBound);
    this.thread = new Thread(this::run, "redis-" + name + "-" + node.port());
    this.thread.setDaemon(true);
  }

  Node node() {
    return node;
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

  /** Takes commands out of the queue, in order. */
  List<Call> withdraw(Predicate<Call> which) {
    List<Call> withdrawn = queue.stream().filter(which).toList();
    queue.removeIf(which);
    return withdrawn;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Why commands fail at present; empty while they do not. */
  Optional<String> trouble() {
    return trouble.map(words -> "Redis at %s: %s".formatted(node, words));
  }

  /** Fails what has waited too long, and cuts a connection that stands still. */
  void expire(long nowNanos) {
    for (Call head = queue.peek(); head != null && head.isOverdue(nowNanos); head = queue.peek()) {
      if (queue.remove(head)) {
        fail(head, trouble().orElse("Redis did not answer in time"));
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
    queue.offer(Call.ping());
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
      while (!closed || !queue.isEmpty() || !again.isEmpty()) {
        Connection open = connection != null ? connection : connect();
        if (open == null) {
          return;
        }
        List<Call> batch = nextBatch();
        if (settle(batch)) {
          disconnect(open);
          return;
        }
        if (batch.isEmpty()) {
          batch.add(Call.ping());
        }
        exchange(open, batch);
        if (refusal.isPresent()) {
          nodes.learn();
          pause(FIRST_BACK_OFF_MS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      again.forEach(call -> fail(call, "the connection to Redis is closed"));
    }
  }

  /** Hands over what another node holds now; true if there will be nothing to do here any more. */
  private boolean settle(List<Call> taken) {
    long number = nodes.number();
    if (number == settled) {
      return false;
    }
    settled = number;
    lane.settle(this, taken);
    return taken.isEmpty() && lane.dismiss(this);
  }

  private List<Call> nextBatch() throws InterruptedException {
    dropOverdue();
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

  private void dropOverdue() {
    long now = System.nanoTime();
    again.stream()
        .filter(call -> call.isOverdue(now))
        .forEach(call -> fail(call, trouble().orElse("Redis did not answer in time")));
    again.removeIf(call -> call.isOverdue(now));
  }

  private void exchange(Connection open, List<Call> batch) {
    int answered = 0;
    refusal = Optional.empty();
    sentNanos = System.nanoTime();
    try {
      batch.forEach(call -> write(open, call));
      if (replicas > 0) {
        open.sendCommand(Command.WAIT, Bytes.of(replicas), REPLICA_MS);
        List<@Nullable Object> replies = new ArrayList<>();
        batch.forEach(call -> replies.add(read(open, call)));
        boolean received = areReceived(reply(open));
        // who is refused and asks at once for the health of it hears why
        refusal.ifPresent(this::troubled);
        for (; answered < batch.size(); answered++) {
          answer(batch.get(answered), replies.get(answered), received);
        }
      }
      for (; answered < batch.size(); answered++) {
        answer(batch.get(answered), read(open, batch.get(answered)), true);
      }
      refusal.ifPresentOrElse(this::troubled, () -> trouble = Optional.empty());
    } catch (RuntimeException e) {
      broken(open, e);
      String unknown = "the connection to Redis broke: whether it was done is not known";
      batch.subList(answered, batch.size()).forEach(call -> fail(call, unknown));
    } finally {
      sentNanos = 0;
    }
  }

  private static void write(Connection open, Call call) {
    if (call.asks()) {
      open.sendCommand(Command.ASKING);
    }
    open.sendCommand(call.command(), call.arguments());
  }

  private static @Nullable Object read(Connection open, Call call) {
    if (call.asks()) {
      reply(open);
    }
    return reply(open);
  }

  private static @Nullable Object reply(Connection open) {
    try {
      return open.getOne();
    } catch (JedisDataException e) {
      return e;
    }
  }

  /** Whether enough replicas have said in time that they have it. */
  private boolean areReceived(@Nullable Object reply) {
    boolean enough = reply instanceof Long count && count >= replicas;
    if (!enough) {
      refusal =
          Optional.of(
              reply instanceof JedisDataException error
                  ? Faults.inWords(error)
                  : "no replica says in time that it has what is written");
    }
    return enough;
  }

  /**
   * Callers go on in a thread that is not this one: theirs may take long, or wait. What the node
   * has certainly not done is sent again, to whoever has the shard then.
   */
  private void answer(Call call, @Nullable Object reply, boolean received) {
    if (reply instanceof JedisAskDataException elsewhere) {
      HostAndPort target = elsewhere.getTargetNode();
      lane.sendAside(new Node(target.getHost(), target.getPort()), call);
    } else if (reply instanceof JedisDataException error && Faults.isMissingScript(error)) {
      call.carryBody();
      again.add(call);
    } else if (reply instanceof JedisDataException error && Faults.passes(error)) {
      refusal = Optional.of(Faults.inWords(error));
      sendAgain(call);
    } else if (reply instanceof JedisDataException error) {
      complete(() -> call.reply().completeExceptionally(Faults.of(call, error)));
    } else if (received) {
      complete(() -> call.reply().complete(reply));
    } else {
      fail(call, "it may be stored, but no replica has it yet");
    }
  }

  private void sendAgain(Call call) {
    if (call.asks()) {
      call.ask(false);
      lane.send(call);
    } else {
      again.add(call);
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
      dropOverdue();
      if (settle(again)) {
        return null;
      }
      Connection fresh = null;
      try {
        fresh = nodes.open(node);
        if (!fresh.ping()) {
          throw new JedisException("no answer to PING");
        }
        // from here on expire() looks after it: a read with a timeout is three system calls, not
        // one
        fresh.setSoTimeout(0);
        connection = fresh;
        if (wasConnected) {
          log.info("Redis at {} is back ({})", node, name);
        }
        wasConnected = true;
        trouble = Optional.empty();
        return fresh;
      } catch (RuntimeException e) {
        broken(fresh, e);
        nodes.learn();
        pause(backOff);
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
    troubled(Faults.inWords(cause));
  }

  private void troubled(String words) {
    if (trouble.isEmpty() && !closed) {
      log.warn("Redis at {}: {} ({})", node, words, name);
    }
    trouble = Optional.of(words);
  }

  private static void pause(long millis) throws InterruptedException {
    Thread.sleep(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }

  private static void disconnect(Connection open) {
    try {
      open.forceDisconnect();
    } catch (IOException e) {
      log.debug("closing a connection", e);
    }
  }
}
