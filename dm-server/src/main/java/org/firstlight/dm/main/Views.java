package org.firstlight.dm.main;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps this node's copies of small kinds of records current, should an event be missed. */
final class Views {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);
  private static final long FIRST_SECONDS = 5;

  private Views() {}

  /** Refreshes each now, waiting a little for the first time, and then at each interval. */
  static void keepCurrent(
      ScheduledExecutorService timer,
      Duration interval,
      List<Supplier<? extends CompletionStage<?>>> views) {
    try {
      refresh(views).get(FIRST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException away) {
      LOG.warn("configurations, object models and manufacturers cannot be read yet");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    timer.scheduleWithFixedDelay(
        () ->
            refresh(views)
                .exceptionally(
                    away -> {
                      LOG.debug("the views stay as they were", away);
                      return null;
                    }),
        interval.toMillis(),
        interval.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static CompletableFuture<Void> refresh(
      List<Supplier<? extends CompletionStage<?>>> views) {
    return CompletableFuture.allOf(
        views.stream()
            .map(view -> view.get().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }
}
