package org.firstlight.dm.operation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.fleet.device.EndpointName;
import org.jspecify.annotations.Nullable;

/**
 * Lets one request at a time go to a device (RFC 7252 §4.7, NSTART = 1); the others wait in the
 * order they came.
 */
public final class DeviceQueue {
  private static final int MOST_WAITING = 100;

  private record Waiting(Supplier<CompletionStage<?>> work) {}

  private final Map<EndpointName, Deque<Waiting>> lines = new HashMap<>();

  /**
   * @return the work's own outcome; empty at once if too many wait already
   */
  public <T> Optional<CompletionStage<T>> submit(
      EndpointName endpointName, Supplier<CompletionStage<T>> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Waiting waiting = new Waiting(() -> run(work, result));
    boolean free;
    synchronized (lines) {
      Deque<Waiting> line = lines.get(endpointName);
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
    return Optional.of(result);
  }

  private static <T> CompletionStage<?> run(
      Supplier<CompletionStage<T>> work, CompletableFuture<T> result) {
    CompletionStage<T> running;
    try {
      running = work.get();
    } catch (RuntimeException fault) {
      running = CompletableFuture.failedStage(fault);
    }
    return running.whenComplete(
        (value, fault) -> {
          if (fault == null) {
            result.complete(value);
          } else {
            result.completeExceptionally(fault);
          }
        });
  }

  private void start(EndpointName endpointName, Waiting first) {
    first.work().get().whenComplete((value, fault) -> next(endpointName));
  }

  private void next(EndpointName endpointName) {
    @Nullable Waiting following;
    synchronized (lines) {
      Deque<Waiting> line = lines.get(endpointName);
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
