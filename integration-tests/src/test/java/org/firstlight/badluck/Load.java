package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** Clients that act one after the other step as fast as they are answered, each in its thread. */
final class Load implements AutoCloseable {
  /** Somebody who asks something of the server, again and again. */
  interface Client extends AutoCloseable {
    /** One request and its answer; whether it was acknowledged. */
    boolean step() throws Exception;

    @Override
    void close();
  }

  private static final int PATIENCE_SECONDS = 90;
  private static final Duration SILENCE = Duration.ofMillis(100);

  /** Held by each step for reading, by a pause for writing: fair, so that a pause comes soon. */
  private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

  private final List<Turn> turns = new ArrayList<>();
  private final AtomicReference<Throwable> broken = new AtomicReference<>();
  private volatile boolean closed;

  /** A client, its thread, and how often it was answered, and served. */
  private record Turn(Client client, Thread thread, AtomicLong answered, AtomicLong acknowledged) {}

  void add(Client client) {
    AtomicLong answered = new AtomicLong();
    AtomicLong acknowledged = new AtomicLong();
    Thread thread = new Thread(() -> run(client, answered, acknowledged), client.toString());
    thread.setDaemon(true);
    turns.add(new Turn(client, thread, answered, acknowledged));
    thread.start();
  }

  private void run(Client client, AtomicLong answered, AtomicLong acknowledged) {
    while (!closed) {
      gate.readLock().lock();
      try {
        if (client.step()) {
          acknowledged.incrementAndGet();
        }
        answered.incrementAndGet();
      } catch (Throwable fault) {
        broken.compareAndSet(null, fault);
        return;
      } finally {
        gate.readLock().unlock();
      }
    }
  }

  /** Returns when every request has ended, and lets none begin until {@link #resume}. */
  void pause() {
    gate.writeLock().lock();
  }

  void resume() {
    gate.writeLock().unlock();
  }

  /** Each client goes on without help: waits until every one was acknowledged something new. */
  void awaitEveryone() {
    awaitMore(Turn::acknowledged);
  }

  /**
   * Returns when every request that is under way has ended, well or not; others begin meanwhile.
   */
  void awaitAnswers() {
    awaitMore(Turn::answered);
  }

  /**
   * Returns when nobody is acknowledged anything any more: with Redis away, what it did before is
   * still on its way to the clients for a moment.
   */
  void awaitSilence() {
    AtomicLong before = new AtomicLong(-1);
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollDelay(Duration.ZERO)
        .pollInterval(SILENCE)
        .until(
            () -> {
              long now = turns.stream().mapToLong(turn -> turn.acknowledged().get()).sum();
              return before.getAndSet(now) == now;
            });
  }

  private void awaitMore(Function<Turn, AtomicLong> count) {
    List<Long> before = turns.stream().map(turn -> count.apply(turn).get()).toList();
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollDelay(10, TimeUnit.MILLISECONDS)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .untilAsserted(() -> assertThat(waiting(before, count)).isEmpty());
  }

  private List<String> waiting(List<Long> before, Function<Turn, AtomicLong> count) {
    Throwable fault = broken.get();
    if (fault != null) {
      throw new IllegalStateException("a client broke", fault);
    }
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      if (count.apply(turns.get(i)).get() == before.get(i)) {
        waiting.add(turns.get(i).client().toString());
      }
    }
    return waiting;
  }

  @Override
  public void close() {
    closed = true;
    for (Turn turn : turns) {
      turn.thread().interrupt();
      turn.client().close();
    }
  }
}
