package org.firstlight.kit.coap;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.server.resources.CoapExchange;

/**
 * Acknowledges requests whose answer takes longer than a while. All wait equally long, so that who
 * came first is due first: a queue does, where a timer for each request is sorted for nothing, as
 * nearly all are answered long before.
 */
final class LateAcknowledgements {
  private static final Duration TICK = Duration.ofMillis(50);

  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
  private final long patienceNanos;

  private record Waiting(long due, CoapExchange exchange, AtomicBoolean answered) {}

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
   * @param answered true as soon as no acknowledgement is wanted any more
   */
  void watch(CoapExchange exchange, AtomicBoolean answered) {
    waiting.add(new Waiting(System.nanoTime() + patienceNanos, exchange, answered));
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

  private static void acknowledge(Waiting late) {
    late.exchange()
        .advanced()
        .execute(
            () -> {
              if (!late.answered().get()) {
                late.exchange().accept();
              }
            });
  }
}
