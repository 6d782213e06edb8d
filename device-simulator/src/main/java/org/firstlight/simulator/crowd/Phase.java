package org.firstlight.simulator.crowd;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;

/** One thing that a crowd does, from its beginning until every device is where it should be. */
public final class Phase {
  private static final int NOT_YET = -1;

  private final String name;
  private final Tally tally;
  private final long began = System.nanoTime();

  /** Milliseconds after the beginning, by number of the device. */
  private final AtomicIntegerArray back;

  private final AtomicInteger missing;

  Phase(String name, int devices, Tally tally) {
    this.name = name;
    this.tally = tally;
    back = new AtomicIntegerArray(devices);
    missing = new AtomicInteger(devices);
    for (int i = 0; i < devices; i++) {
      back.set(i, NOT_YET);
    }
  }

  void isBack(int device) {
    int ms = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    if (back.compareAndSet(device, NOT_YET, ms) && missing.decrementAndGet() == 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /**
   * Waits for the last device, or for the end of patience.
   *
   * @param lines takes what happens, once a second
   */
  public PhaseResult await(Duration patience, Consumer<String> lines) throws InterruptedException {
    long end = began + patience.toNanos();
    do {
      synchronized (this) {
        if (missing.get() > 0) {
          wait(TimeUnit.SECONDS.toMillis(1));
        }
      }
      lines.accept(name + " " + tally.line(Duration.ofNanos(System.nanoTime() - began)));
    } while (missing.get() > 0 && System.nanoTime() < end);
    int[] times = new int[back.length()];
    for (int i = 0; i < times.length; i++) {
      times[i] = back.get(i);
    }
    return PhaseResult.of(name, times, Duration.ofNanos(System.nanoTime() - began), tally);
  }
}
