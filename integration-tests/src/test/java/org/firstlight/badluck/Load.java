package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

  /** Held by each step for reading, by a pause for writing: fair, so that a pause comes soon. */
  private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

  private final List<Turn> turns = new ArrayList<>();
  private final AtomicReference<Throwable> broken = new AtomicReference<>();
  private volatile boolean closed;

  /** A client, its thread, and how often it succeeded. */
  private record Turn(Client client, Thread thread, AtomicLong acknowledged) {}

  void add(Client client) {
    AtomicLong acknowledged = new AtomicLong();
    Thread thread = new Thread(() -> run(client, acknowledged), client.toString());
    thread.setDaemon(true);
    turns.add(new Turn(client, thread, acknowledged));
    thread.start();
  }

  private void run(Client client, AtomicLong acknowledged) {
    while (!closed) {
      gate.readLock().lock();
      try {
        if (client.step()) {
          acknowledged.incrementAndGet();
        }
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
    List<Long> before = turns.stream().map(turn -> turn.acknowledged().get()).toList();
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollDelay(10, TimeUnit.MILLISECONDS)
        .pollInterval(10, TimeUnit.MILLISECONDS)
        .untilAsserted(() -> assertThat(waiting(before)).isEmpty());
  }

  private List<String> waiting(List<Long> before) {
    Throwable fault = broken.get();
    if (fault != null) {
      throw new IllegalStateException("a client broke", fault);
    }
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < turns.size(); i++) {
      if (turns.get(i).acknowledged().get() == before.get(i)) {
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
