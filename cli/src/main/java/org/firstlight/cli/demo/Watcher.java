package org.firstlight.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.ApiFailure;

/** Follows the platform's events on a thread of its own, again when the connection breaks. */
final class Watcher implements AutoCloseable {
  private static final long PAUSE_MS = 500;

  private final ApiClient api;
  private final Consumer<JsonNode> consumer;
  private final CountDownLatch open = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::follow, "demo-events");

  private Watcher(ApiClient api, Consumer<JsonNode> consumer) {
    this.api = api;
    this.consumer = consumer;
  }

  /** Returns when the stream is open, so that nothing after is missed. */
  static Watcher start(ApiClient api, Consumer<JsonNode> consumer) throws InterruptedException {
    Watcher watcher = new Watcher(api, consumer);
    watcher.thread.setDaemon(true);
    watcher.thread.start();
    if (!watcher.open.await(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the platform's event stream did not open");
    }
    return watcher;
  }

  private void follow() {
    try {
      do {
        try {
          api.follow("/events", open::countDown, consumer);
        } catch (IOException | ApiFailure e) {
          // the platform stops or restarts: again after a pause, until closed
        }
      } while (!closed.await(PAUSE_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // closed
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
  }
}
