package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An audit that is longer than what a connection holds by itself. */
class AuditExportIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ACTS = 800;
  private static final int READERS = 3;

  /** With the acts, more than Linux ever holds of a connection on its way. */
  private static final String TARGET = "x".repeat(10_000);

  @TempDir Path folder;
  private RunningApi api;

  @BeforeEach
  void start() throws Exception {
    api = new RunningApi(folder);
    List<CompletableFuture<?>> stored = new ArrayList<>();
    for (int i = 0; i < ACTS; i++) {
      AuditEntry act =
          new AuditEntry(
              Instant.now(),
              RunningApi.PROVIDER,
              "t1",
              Optional.of("192.0.2.7"),
              Optional.empty(),
              Optional.empty(),
              "device.claim",
              TARGET,
              "ok");
      stored.add(
          api.stores
              .records()
              .commit(
                  Change.in(AuditEntry.HOME)
                      .put(Kinds.AUDIT, "act-%06d".formatted(i), 0, act)
                      .build())
              .toCompletableFuture());
    }
    CompletableFuture.allOf(stored.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void export_that_is_cut_off_leaves_nothing_behind_and_the_next_one_is_whole() throws Exception {
    Set<String> keys = api.keys();
    List<Socket> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(beginning());
    }
    // nobody reads on: each of them waits in the middle
    await().atMost(PATIENCE).until(() -> exporting() == READERS);

    for (Socket reader : readers) {
      reader.setSoLinger(true, 0);
      reader.close();
    }

    await().atMost(PATIENCE).until(() -> exporting() == 0);
    List<String> whole = api.as(api.administrator).get("/audit/export").text().lines().toList();
    assertThat(whole.stream().filter(line -> line.contains(TARGET))).hasSize(ACTS);
    assertThat(whole).last().isEqualTo("{\"end\":true,\"acts\":%d}".formatted(whole.size() - 1));
    assertThat(api.keys()).isEqualTo(keys);
  }

  /** An export of which the first bytes have come. */
  private Socket beginning() throws IOException {
    URI uri = api.uri("/audit/export");
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    socket
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(uri.getPath(), uri.getAuthority(), api.administrator)
                .getBytes(StandardCharsets.US_ASCII));
    byte[] first = socket.getInputStream().readNBytes(2048);
    assertThat(new String(first, StandardCharsets.US_ASCII))
        .startsWith("HTTP/1.1 200")
        .contains("\"id\":");
    return socket;
  }

  /** How many threads are at it. */
  private static long exporting() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Arrays.stream(stack)
                    .anyMatch(
                        frame ->
                            frame.getClassName().equals(AuditRoutes.class.getName())
                                && frame.getMethodName().equals("export")))
        .count();
  }
}
