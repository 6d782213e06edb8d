package org.firstlight.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.kit.config.HttpConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventFeedIT {
  private static final int PATIENCE_SECONDS = 20;

  private final EventFeed feed = new EventFeed(2, Duration.ofMillis(100));
  private final BlockingQueue<EventFeed.Subscriber> attached = new LinkedBlockingQueue<>();
  private final AtomicInteger gone = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.on(new HttpConfig("127.0.0.1", 0, Optional.empty(), Optional.empty(), false))
            .routes(
                routes ->
                    routes.sse(
                        "/events",
                        client -> attached.add(feed.attach(client, gone::incrementAndGet))))
            .start();
  }

  @AfterEach
  void stop() {
    feed.close();
    server.close();
  }

  @Test
  void events_arrive_at_once_and_in_order() throws Exception {
    try (Browser browser = new Browser()) {
      EventFeed.Subscriber stream = next();
      for (int i = 0; i < 3; i++) {
        assertThat(stream.offer("device", "id-" + i, Map.of("n", i))).isTrue();
      }
      assertThat(browser.upTo("data: {\"n\":2}"))
          .contains("event: device\ndata: {\"n\":0}")
          .containsSubsequence("{\"n\":0}", "{\"n\":1}", "{\"n\":2}")
          .contains("id: id-0");
    }
  }

  @Test
  void a_browser_that_went_away_is_noticed_while_nothing_happens() throws Exception {
    try (Browser browser = new Browser()) {
      next();
      assertThat(feed.size()).isEqualTo(1);
      assertThat(browser).isNotNull();
    }

    await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> gone.get() == 1);
    assertThat(feed.size()).isZero();
  }

  @Test
  void a_browser_that_reads_too_slowly_is_cut_off_and_never_waited_for() throws Exception {
    try (Browser browser = new Browser()) {
      EventFeed.Subscriber stream = next();
      String large = "x".repeat(100_000);
      int offered = 0;
      while (offered < 5000 && stream.offer("device", "id", large)) {
        offered++;
      }

      assertThat(offered).isLessThan(5000);
      await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> gone.get() == 1);
      assertThat(feed.size()).isZero();
      assertThat(stream.offer("device", "id", "more")).isFalse();
      assertThat(browser).isNotNull();
    }
  }

  @Test
  void too_many_browsers_are_turned_away() throws Exception {
    try (Browser first = new Browser();
        Browser second = new Browser()) {
      next();
      next();
      try (Browser third = new Browser()) {
        assertThat(next().offer("device", "1", "x")).isFalse();
        assertThat(feed.size()).isEqualTo(2);
        assertThat(third).isNotNull();
      }
      assertThat(first).isNotEqualTo(second);
    }
  }

  @Test
  void a_stream_whose_server_went_first_ends_too() throws Exception {
    try (Browser browser = new Browser()) {
      next();
      server.close();
      feed.close();

      await()
          .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
          .until(
              () ->
                  Thread.getAllStackTraces().keySet().stream()
                      .noneMatch(thread -> thread.getName().equals("sse-close")));
      assertThat(gone).hasValue(1);
      assertThat(browser).isNotNull();
    }
  }

  private EventFeed.Subscriber next() throws InterruptedException {
    EventFeed.Subscriber subscriber = attached.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(subscriber).isNotNull();
    return java.util.Objects.requireNonNull(subscriber);
  }

  private final class Browser implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Browser() throws Exception {
      socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
      socket.setSoTimeout(PATIENCE_SECONDS * 1000);
      socket
          .getOutputStream()
          .write(
              "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String upTo(String line) throws Exception {
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf(line) < 0) {
        seen.append(in.readLine()).append('\n');
      }
      return seen.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
