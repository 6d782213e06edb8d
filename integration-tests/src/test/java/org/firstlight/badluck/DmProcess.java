package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.firstlight.cli.Firstlight;
import org.firstlight.journey.Child;
import org.firstlight.journey.Ports;

/** {@code firstlight dm-server} in a process of its own, always at the same ports. */
final class DmProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  private final Path folder;
  private final int httpPort = Ports.free();
  private final int coapPort = Ports.free();
  private Child child;

  /**
   * @param redis the lines of its {@code redis:} section
   */
  DmProcess(Path folder, String redis) throws IOException {
    this.folder = folder;
    Files.writeString(
        config(),
        """
        dataDirectory: platform
        http: { port: %d }
        dm: { host: 127.0.0.1, port: %d, plainPort: %d }
        redis: %s
        """
            .formatted(httpPort, Ports.free(), coapPort, redis));
    this.child = launch();
  }

  URI http() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  InetSocketAddress coap() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), coapPort);
  }

  /** With -9. */
  void kill() {
    child.kill();
  }

  /** As whatever runs servers does when one has died. */
  void startAgain() throws IOException {
    child = launch();
  }

  private Path config() {
    return folder.resolve("firstlight.yaml");
  }

  private Child launch() throws IOException {
    Child fresh =
        Child.java(
            Files.createTempFile(folder, "dm-server", ".out"),
            List.of("-Xmx384m", "-Dfirstlight.home=" + folder.resolve("home")),
            Firstlight.class.getName(),
            List.of("dm-server", "--config", config().toString()));
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .untilAsserted(
            () -> {
              assertThat(fresh.process().isAlive()).as(fresh.output()).isTrue();
              assertThat(fresh.output()).contains("ready;");
            });
    return fresh;
  }

  @Override
  public void close() {
    child.kill();
  }
}
