package org.firstlight.bootstrap.admission;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How many devices are served at once. When a fleet wakes after a power cut, those that the server
 * took on are served to the end; each of the others is given a time of its own to come back, one
 * after the other, as fast as sessions have ended lately.
 */
public final class Crowd {
  static final Duration SOONEST = Duration.ofSeconds(15);
  static final Duration LATEST = Duration.ofHours(1);

  private static final int MEASURED = 64;

  /**
   * So many of each core may ask again, whatever is known of how fast sessions end: to turn one
   * away costs a handshake, and to call it too late leaves the server idle while a fleet waits. A
   * server that has just started ends few.
   */
  private static final double LEAST_PER_CORE = 50;

  private static final double MOST_PER_SECOND = 1000;

  private final int most;
  private final double leastPerSecond;
  private final Clock clock;
  private final Deque<Instant> ended = new ArrayDeque<>();
  private Instant lastTurn = Instant.MIN;
  private int inside;

  /**
   * @param most served at once
   * @param cores that the server has
   */
  public Crowd(int most, int cores, Clock clock) {
    this.most = most;
    this.leastPerSecond = LEAST_PER_CORE * cores;
    this.clock = clock;
  }

  /** Whether one more is served; then {@link #leave} ends it. */
  public synchronized boolean enter() {
    if (inside >= most) {
      return false;
    }
    inside++;
    return true;
  }

  public synchronized void leave() {
    inside--;
    ended.addLast(clock.instant());
    if (ended.size() > MEASURED) {
      ended.removeFirst();
    }
  }

  /** When the next one that is turned away has its turn. */
  public synchronized Duration comeBack() {
    Instant now = clock.instant();
    Instant soonest = now.plus(SOONEST);
    Instant behind = lastTurn.plusNanos((long) (1e9 / perSecond(now)));
    Instant next = behind.isBefore(soonest) ? soonest : behind;
    if (next.isAfter(now.plus(LATEST))) {
      // the line is full: somewhere in the second half of it
      long half = LATEST.toSeconds() / 2;
      return Duration.ofSeconds(half + ThreadLocalRandom.current().nextLong(half));
    }
    lastTurn = next;
    return Duration.between(now, next);
  }

  private double perSecond(Instant now) {
    if (ended.size() < MEASURED) {
      return leastPerSecond;
    }
    double seconds = Duration.between(ended.peekFirst(), now).toMillis() / 1000.0;
    return Math.max(leastPerSecond, Math.min(MOST_PER_SECOND, MEASURED / Math.max(seconds, 0.001)));
  }
}
