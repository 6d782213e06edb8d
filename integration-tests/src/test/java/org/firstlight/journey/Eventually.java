package org.firstlight.journey;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Patience that a loaded machine does not exhaust: how long a step takes is not tested here. */
final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** Returns when the assertion holds; fails with its last words. */
  static void eventually(ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(LOOK_EVERY)
        .pollDelay(Duration.ZERO)
        .ignoreException(UncheckedIOException.class)
        .untilAsserted(assertion);
  }

  private Eventually() {}
}
