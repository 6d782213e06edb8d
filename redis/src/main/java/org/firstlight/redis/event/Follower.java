package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One consumer's thread and connection: waits at Redis for the next events of any shard, and hands
 * them on in order. One XREAD sees all streams at the same instant, so whatever is older than an
 * event that was handed on has been too: that event's position is enough to go on from.
 */
final class Follower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);
  private static final int READ_AT_MOST = 100;
  private static final int WAIT_MS = 1_000;
  private static final long FIRST_BACK_OFF_MS = 20;
  private static final long LONGEST_BACK_OFF_MS = 1_000;

  private final Supplier<Connection> connector;
  private final Consumer<Entry> consumer;
  private final Consumer<Follower> whenClosed;
  private final Thread thread;
  private final byte[][] seen = new byte[Shard.COUNT][];
  private boolean placed;
  private volatile boolean closed;

  Follower(
      @Nullable StreamPosition from,
      Supplier<Connection> connector,
      Consumer<Entry> consumer,
      Consumer<Follower> whenClosed) {
    if (from != null) {
      place(from::resumeIn);
    }
    this.connector = connector;
    this.consumer = consumer;
    this.whenClosed = whenClosed;
    this.thread = new Thread(this::run, "redis-events");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    whenClosed.accept(this);
  }

  private void run() {
    long backOff = FIRST_BACK_OFF_MS;
    while (!closed) {
      try (Connection connection = connector.get()) {
        if (!placed) {
          long now = now(connection);
          place(shard -> StreamPosition.endBefore(now));
        }
        backOff = FIRST_BACK_OFF_MS;
        while (!closed) {
          handOn(read(connection));
        }
      } catch (RuntimeException e) {
        if (e instanceof JedisException) {
          log.debug("following events stops for {} ms", backOff, e);
        } else {
          log.error("following events stops for {} ms", backOff, e);
        }
        if (!pause(ThreadLocalRandom.current().nextLong(backOff / 2, backOff + 1))) {
          return;
        }
        backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MS);
      }
    }
  }

  private void place(IntFunction<byte[]> entryIds) {
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      seen[shard] = entryIds.apply(shard);
    }
    placed = true;
  }

  /** Redis's clock, in milliseconds: it numbers the entries. */
  private static long now(Connection connection) {
    List<?> time = Bytes.list(connection.executeCommand(Command.TIME));
    long seconds = Long.parseLong(Bytes.text(time.get(0)));
    return seconds * 1_000 + Long.parseLong(Bytes.text(time.get(1))) / 1_000;
  }

  /** What was not seen yet, in order, as far as nothing is missing in between. */
  private List<StreamEntry> read(Connection connection) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of("COUNT"));
    arguments.add(Bytes.of(READ_AT_MOST));
    arguments.add(Bytes.of("BLOCK"));
    arguments.add(Bytes.of(WAIT_MS));
    arguments.add(Bytes.of("STREAMS"));
    Map<String, Integer> shards = new HashMap<>();
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      byte[] key = Keys.events(shard);
      shards.put(Bytes.text(key), shard);
      arguments.add(key);
    }
    arguments.addAll(List.of(seen));
    connection.sendCommand(Command.XREAD, arguments.toArray(byte[][]::new));
    return merged(shards, Bytes.list(connection.getOne()));
  }

  private static List<StreamEntry> merged(Map<String, Integer> shards, List<?> streams) {
    List<StreamEntry> all = new ArrayList<>();
    @Nullable StreamEntry complete = null;
    for (Object reply : streams) {
      List<?> stream = Bytes.list(reply);
      int shard = shards.get(Bytes.text(stream.get(0)));
      List<?> entries = Bytes.list(stream.get(1));
      entries.forEach(entry -> all.add(StreamEntry.of(shard, entry)));
      StreamEntry last = all.get(all.size() - 1);
      boolean mayHaveMore = entries.size() == READ_AT_MOST;
      if (mayHaveMore && (complete == null || last.compareTo(complete) < 0)) {
        complete = last;
      }
    }
    StreamEntry end = complete;
    return all.stream().filter(e -> end == null || e.compareTo(end) <= 0).sorted().toList();
  }

  private void handOn(List<StreamEntry> entries) {
    for (StreamEntry entry : entries) {
      if (closed) {
        return;
      }
      entry.event().ifPresent(this::accept);
      seen[entry.position().shard()] = entry.position().entryId();
    }
  }

  private void accept(Entry entry) {
    try {
      consumer.accept(entry);
    } catch (RuntimeException e) {
      log.error("a consumer of events failed at {}", entry.cursor(), e);
    }
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
