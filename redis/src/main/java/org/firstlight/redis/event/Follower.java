package org.firstlight.redis.event;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.redis.node.Nodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One consumer's thread: takes the next events of all shards, and hands them on in order. Whatever
 * is older than an event that was handed on has been too: that event's position is enough to go on
 * from.
 */
final class Follower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Follower.class);
  private static final long FIRST_BACK_OFF_MS = 20;
  private static final long LONGEST_BACK_OFF_MS = 1_000;

  private final Nodes nodes;
  private final Predicate<String> types;
  private final Consumer<Entry> consumer;
  private final Consumer<Follower> whenClosed;
  private final Thread thread;
  private final byte[][] seen = new byte[Streams.COUNT][];
  private boolean placed;
  private volatile boolean closed;

  Follower(
      @Nullable StreamPosition from,
      Nodes nodes,
      Predicate<String> types,
      Consumer<Entry> consumer,
      Consumer<Follower> whenClosed) {
    if (from != null) {
      place(from::resumeIn);
    }
    this.nodes = nodes;
    this.types = types;
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
      try (StreamReader reader = StreamReader.open(nodes, Streams.of(types))) {
        long number = nodes.number();
        if (!placed) {
          long now = reader.now();
          place(stream -> StreamPosition.endBefore(now));
        }
        backOff = FIRST_BACK_OFF_MS;
        while (!closed && nodes.number() == number) {
          handOn(reader.read(seen));
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (e instanceof JedisException) {
          log.debug("following events stops for {} ms", backOff, e);
        } else {
          log.error("following events stops for {} ms", backOff, e);
        }
        nodes.learn();
        if (!pause(ThreadLocalRandom.current().nextLong(backOff / 2, backOff + 1))) {
          return;
        }
        backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MS);
      }
    }
  }

  private void place(IntFunction<byte[]> entryIds) {
    for (int stream = 0; stream < Streams.COUNT; stream++) {
      seen[stream] = entryIds.apply(stream);
    }
    placed = true;
  }

  private void handOn(List<StreamEntry> entries) {
    for (StreamEntry entry : entries) {
      if (closed) {
        return;
      }
      if (types.test(entry.type())) {
        entry.event().ifPresent(this::accept);
      }
      seen[entry.position().stream()] = entry.position().entryId();
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
