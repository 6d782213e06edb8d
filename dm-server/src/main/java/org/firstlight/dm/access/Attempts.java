package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.Outcome;

/** Counts failed tries by who made them, so that nobody guesses for long. Kept by this process. */
public final class Attempts {
  private static final int MAX_SOURCES = 50_000;

  private final int most;
  private final Duration window;
  private final Clock clock;
  private final Map<String, Deque<Instant>> failures = new LinkedHashMap<>();

  /**
   * @param most failures that one source may have within the window
   */
  public Attempts(int most, Duration window, Clock clock) {
    this.most = most;
    this.window = window;
    this.clock = clock;
  }

  /** Whether this source has to wait. */
  public synchronized boolean exhausted(String source) {
    Deque<Instant> of = failures.get(source);
    if (of == null) {
      return false;
    }
    Instant since = clock.instant().minus(window);
    while (!of.isEmpty() && of.peekFirst().isBefore(since)) {
      of.removeFirst();
    }
    if (of.isEmpty()) {
      failures.remove(source);
    }
    return of.size() >= most;
  }

  /**
   * Counts a try before it is made, so that many at once are no more; {@link #undo} takes it back
   * where it was a good one. False if this source has to wait.
   */
  public synchronized boolean begin(String source) {
    boolean may = !exhausted(source);
    if (may) {
      failed(source);
    }
    return may;
  }

  /**
   * Tries this, after {@link #begin} has counted it: what goes well does not count, and neither
   * does what nobody could look at, as state is away.
   */
  public <T> Outcome<T> judged(String source, Supplier<Outcome<T>> tried) {
    boolean wrong = false;
    try {
      Outcome<T> outcome = tried.get();
      wrong = outcome.refusal().isPresent();
      return outcome;
    } finally {
      if (!wrong) {
        undo(source);
      }
    }
  }

  public synchronized void failed(String source) {
    if (failures.size() >= MAX_SOURCES && !failures.containsKey(source)) {
      failures.remove(failures.keySet().iterator().next());
    }
    // who failed last is forgotten last
    Deque<Instant> before = failures.remove(source);
    Deque<Instant> of = before == null ? new ArrayDeque<>() : before;
    failures.put(source, of);
    of.addLast(clock.instant());
    if (of.size() > most) {
      of.removeFirst();
    }
  }

  /** Takes the newest failure of this source back: it was none. */
  public synchronized void undo(String source) {
    Deque<Instant> of = failures.get(source);
    if (of != null) {
      of.pollLast();
    }
  }

  /** Begins anew for this source. */
  public synchronized void forget(String source) {
    failures.remove(source);
  }
}
