package org.firstlight.bootstrap.main;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.kit.health.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the views in memory current: read at start, at each change that an event tells of, and now
 * and then, should an event have been missed.
 */
final class Views implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);
  private static final int EVERY_SECONDS = 10;
  private static final int FIRST_SECONDS = 10;

  private final List<Supplier<CompletionStage<?>>> views;
  private final AutoCloseable following;
  private volatile boolean stale;

  private Views(EventStream events, List<Supplier<CompletionStage<?>>> views) {
    this.views = views;
    this.following =
        events.follow(
            "",
            type -> type.endsWith(".changed"),
            entry -> {
              if (entry.event().endpointName().isEmpty()) {
                refresh();
              }
            });
  }

  /**
   * @param wanted each reads its view anew
   */
  static Views start(
      EventStream events,
      ScheduledExecutorService timer,
      List<Supplier<CompletionStage<?>>> wanted,
      Health health) {
    Views views = new Views(events, List.copyOf(wanted));
    views.first();
    timer.scheduleWithFixedDelay(views::refresh, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    health.check(
        "bootstrap-trust",
        () ->
            views.stale
                ? Optional.of("manufacturers and plans could not be read again; the last are used")
                : Optional.empty());
    return views;
  }

  private CompletableFuture<Void> refresh() {
    return CompletableFuture.allOf(
            views.stream()
                .map(view -> view.get().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .whenComplete((done, error) -> stale = error != null);
  }

  private void first() {
    try {
      refresh().get(FIRST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | CompletionException away) {
      close();
      throw new DependencyUnavailableException("manufacturers and plans cannot be read", away);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new DependencyUnavailableException("interrupted", e);
    }
  }

  @Override
  public void close() {
    try {
      following.close();
    } catch (Exception e) {
      LOG.warn("following events did not end cleanly", e);
    }
  }
}
