package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.firstlight.journey.Child;
import org.firstlight.journey.Ports;
import org.firstlight.redis.Durability;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;

/** One Redis with an append-only file, which can be killed and started again on what it left. */
final class LoneRedis implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 90;

  private final Path folder;
  private final Durability durability;
  private final List<String> watcher;
  private final int port = Ports.free();
  private Child child;

  private LoneRedis(Path folder, Durability durability, List<String> watcher) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.durability = durability;
    this.watcher = watcher;
    this.child = launch();
    awaitReady();
  }

  static LoneRedis start(Path folder, Durability durability) throws IOException {
    return new LoneRedis(folder, durability, List.of());
  }

  /** Below a program that watches what it does, as {@code strace}. */
  static LoneRedis startUnder(List<String> watcher, Path folder, Durability durability)
      throws IOException {
    return new LoneRedis(folder, durability, watcher);
  }

  Durability durability() {
    return durability;
  }

  int port() {
    return port;
  }

  /** The ports to state on it, past everything that may be in between. */
  RedisStores open() {
    return RedisStores.open(
        RedisSettings.at("redis://127.0.0.1:" + port, Optional.empty(), Optional.empty()),
        Clock.systemUTC());
  }

  /** The file that grows with each write. */
  Path log() {
    return folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
  }

  boolean isAlive() {
    return child.process().isAlive();
  }

  /** With -9: what it had handed to the operating system is in its file, and no more. */
  void kill() {
    ProcessHandle redis =
        watcher.isEmpty()
            ? child.process().toHandle()
            : child.process().children().findFirst().orElseThrow();
    redis.destroyForcibly();
    child.end();
  }

  /** Starts it on what is in its folder; returns when it has read that. */
  void startAgain() throws IOException {
    child = launch();
    awaitReady();
  }

  private Child launch() throws IOException {
    List<String> command = new ArrayList<>(watcher);
    command.addAll(
        List.of(
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--dir",
            folder.toString(),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            durability.name().toLowerCase(Locale.ROOT),
            "--auto-aof-rewrite-percentage",
            watcher.isEmpty() ? "100" : "0"));
    return Child.start(folder.resolveSibling(folder.getFileName() + ".out"), command);
  }

  private void awaitReady() {
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollDelay(5, TimeUnit.MILLISECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .untilAsserted(
            () -> {
              assertThat(child.process().isAlive()).as(child.output()).isTrue();
              assertThat(ping()).isEqualTo("+PONG");
            });
  }

  private String ping() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
    } catch (IOException away) {
      return "";
    }
  }

  @Override
  public void close() {
    if (isAlive()) {
      kill();
    }
  }
}
