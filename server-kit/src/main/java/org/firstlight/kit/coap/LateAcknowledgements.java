package org.firstlight.kit.coap;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges requests whose answer takes longer than a while. All wait equally long, so that who
 * came first is due first: a queue does, where a timer for each request is sorted for nothing, as
 * nearly all are answered long before.
 */
final class LateAcknowledgements {
  private static final Logger LOG = LoggerFactory.getLogger(LateAcknowledgements.class);
  private static final Duration TICK = Duration.ofMillis(50);

  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final long patienceNanos;

  private record Waiting(long due, Runnable acknowledgement, AtomicBoolean answered) {}

  LateAcknowledgements(Duration patience) {
    this.patienceNanos = patience.toNanos();
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "coap-acknowledgements");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleWithFixedDelay(
        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * @param acknowledgement quick; done on a thread that all of them share
   * @param answered true as soon as no acknowledgement is wanted any more
   */
  void watch(Runnable acknowledgement, AtomicBoolean answered) {
    waiting.add(new Waiting(System.nanoTime() + patienceNanos, acknowledgement, answered));
  }

  private void tick() {
    long now = System.nanoTime();
    for (Waiting first = waiting.peek();
        first != null && first.due() - now <= 0;
        first = waiting.peek()) {
      waiting.poll();
      if (!first.answered().get()) {
        acknowledge(first);
      }
    }
  }

  /** An endpoint that has closed takes no more work: that must not end the timer of the others. */
  private static void acknowledge(Waiting late) {
    try {
      late.acknowledgement().run();
    } catch (RuntimeException closed) {
      LOG.debug("a late acknowledgement could not be sent", closed);
    }
  }
}
