package org.firstlight.bootstrap.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RevocationDownloadTest {
  /** Else each try would leave a connection and its buffer behind. */
  @Test
  void server_that_drips_is_left_in_time() throws Exception {
    ExecutorService executor = Executors.newCachedThreadPool();
    AtomicBoolean left = new AtomicBoolean();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(executor);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!Thread.currentThread().isInterrupted()) {
              exchange.getResponseBody().write(0x30);
              exchange.getResponseBody().flush();
              Thread.sleep(20);
            }
          } catch (IOException gone) {
            left.set(true);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    try {
      String url = "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
      long begun = System.nanoTime();

      assertThatThrownBy(
              () ->
                  new RevocationDownload(executor, Duration.ofSeconds(1))
                      .from(url)
                      .toCompletableFuture()
                      .get(20, TimeUnit.SECONDS))
          .hasRootCauseMessage("it was not answered in time");

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
      await().atMost(Duration.ofSeconds(10)).untilTrue(left);
    } finally {
      server.stop(0);
      executor.shutdownNow();
    }
  }
}
