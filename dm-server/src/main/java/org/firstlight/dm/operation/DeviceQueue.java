package org.firstlight.dm.operation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.firstlight.fleet.device.EndpointName;
import org.jspecify.annotations.Nullable;

/**
 * Lets one request at a time go to a device (RFC 7252 §4.7, NSTART = 1); the others wait in the
 * order they came. Where one finds that the device is silent, those behind it are not tried: each
 * would wait for its own silence, and whoever asked last would hear of it after an hour.
 *
 * @param <T> what comes of a turn
 */
public final class DeviceQueue<T> {
  private static final int MOST_WAITING = 100;

  private record Waiting<T>(Supplier<CompletionStage<T>> work, CompletableFuture<T> result) {}

  private final Map<EndpointName, Deque<Waiting<T>>> lines = new HashMap<>();
  private final Function<T, Optional<T>> untried;

  /**
   * @param untried what those behind get instead of their turn, where this came of the one before
   *     them; empty: their turn
   */
  public DeviceQueue(Function<T, Optional<T>> untried) {
    this.untried = untried;
  }

  /**
   * @return the work's own outcome, or what came instead of it; empty at once if too many wait
   *     already
   */
  public Optional<CompletionStage<T>> submit(
      EndpointName endpointName, Supplier<CompletionStage<T>> work) {
    Waiting<T> waiting = new Waiting<>(work, new CompletableFuture<>());
    boolean free;
    synchronized (lines) {
      Deque<Waiting<T>> line = lines.get(endpointName);
      free = line == null;
      if (line == null) {
        lines.put(endpointName, new ArrayDeque<>());
      } else if (line.size() >= MOST_WAITING) {
        return Optional.empty();
      } else {
        line.add(waiting);
      }
    }
    if (free) {
      start(endpointName, waiting);
    }
    return Optional.of(waiting.result());
  }

  private void start(EndpointName endpointName, Waiting<T> first) {
    CompletionStage<T> running;
    try {
      running = first.work().get();
    } catch (RuntimeException fault) {
      running = CompletableFuture.failedStage(fault);
    }
    running.whenComplete(
        (value, fault) -> {
          if (fault == null) {
            first.result().complete(value);
          } else {
            first.result().completeExceptionally(fault);
          }
          Optional<T> instead = fault == null ? untried.apply(value) : Optional.empty();
          if (instead.isPresent()) {
            turnAway(endpointName, instead.get());
          } else {
            next(endpointName);
          }
        });
  }

  private void turnAway(EndpointName endpointName, T instead) {
    Deque<Waiting<T>> line;
    synchronized (lines) {
      line = lines.remove(endpointName);
    }
    if (line != null) {
      line.forEach(waiting -> waiting.result().complete(instead));
    }
  }

  private void next(EndpointName endpointName) {
    @Nullable Waiting<T> following;
    synchronized (lines) {
      Deque<Waiting<T>> line = lines.get(endpointName);
      following = line == null ? null : line.poll();
      if (following == null) {
        lines.remove(endpointName);
      }
    }
    if (following != null) {
      start(endpointName, following);
    }
  }
}
