package org.firstlight.journey;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the platform told as server-sent events, as the console hears it. */
final class Events implements AutoCloseable {
  private static final int PAST = 500;
  private static final long PAUSE_MS = 200;

  private final Api api;
  private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::listen, "events");
  private final CountDownLatch closed = new CountDownLatch(1);

  private Events(Api api) {
    this.api = api;
  }

  static Events listening(Api api) {
    Events events = new Events(api);
    events.thread.setDaemon(true);
    events.thread.start();
    return events;
  }

  /** Those of this type about this device, in their order. */
  List<JsonNode> of(String type, String endpointName) {
    return heard.stream()
        .filter(event -> event.path("type").asText().equals(type))
        .filter(event -> event.path("endpointName").asText().equals(endpointName))
        .toList();
  }

  /** Those of this type that are about no device. */
  List<JsonNode> of(String type) {
    return of(type, "");
  }

  private void listen() {
    try {
      do {
        try (Stream<String> lines = api.follow(PAST)) {
          heard.clear();
          lines
              .filter(line -> line.startsWith("data:"))
              .forEach(line -> heard.add(Api.tree(line.substring("data:".length()))));
        } catch (IOException | UncheckedIOException platformStops) {
          // it starts again, perhaps
        }
      } while (!closed.await(PAUSE_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
