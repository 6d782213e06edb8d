package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
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
  private static final int LARGEST_ANSWER = 8192;

  /** Two seconds, and what a busy machine adds. */
  private static final Duration HELD_BACK = Duration.ofSeconds(5);

  private final Path folder;
  private final Durability durability;
  private final boolean traced;
  private final int port = Ports.free();
  private Child child;
  private long sizeAtStart;

  private LoneRedis(Path folder, Durability durability, boolean traced) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.durability = durability;
    this.traced = traced;
    child = launch();
    awaitReady();
  }

  static LoneRedis start(Path folder, Durability durability) throws IOException {
    return new LoneRedis(folder, durability, false);
  }

  /** So that {@link #losePower} knows what was on the disk. */
  static LoneRedis startTraced(Path folder, Durability durability) throws IOException {
    return new LoneRedis(folder, durability, true);
  }

  /** For people. */
  String setting() {
    return "standalone, " + fsync();
  }

  /** As Redis spells it. */
  private String fsync() {
    return durability.name().toLowerCase(Locale.ROOT);
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

  boolean isAlive() {
    return child.process().isAlive();
  }

  /** With -9: what it had handed to the operating system is in its file, and no more. */
  void kill() {
    ProcessHandle redis =
        traced ? child.process().children().findFirst().orElseThrow() : child.process().toHandle();
    redis.destroyForcibly();
    child.end();
  }

  /**
   * Under {@code everysec}, Redis holds writes back for two seconds at most while its disk is busy
   * with a sync, and acknowledges all the same: these die with its process.
   *
   * @return what was acknowledged before this outlives the process
   */
  Instant outlives(Instant death) {
    return durability == Durability.ALWAYS ? Instant.MAX : death.minus(HELD_BACK);
  }

  /** Returns when all that was acknowledged so far is on the disk, whatever the setting. */
  void settle() {
    ask("CONFIG SET appendfsync always");
    assertThat(ask("SET settled 1")).startsWith("+OK");
    ask("CONFIG SET appendfsync " + fsync());
  }

  /**
   * As if the machine's power went: the file holds what had reached the disk, and perhaps some of
   * what had not. A torn transaction at its end is cut off, as an embedded Redis has it done: Redis
   * itself may keep its beginning, and do that with the next one at a later start.
   *
   * @return what was acknowledged before this is surely there
   */
  Instant losePower(Random random) throws IOException {
    kill();
    Instant promised = SyncTrace.cut(trace(), log(), sizeAtStart, random);
    cutTornTransaction();
    return durability == Durability.ALWAYS ? Instant.MAX : promised;
  }

  private void cutTornTransaction() throws IOException {
    Path manifest = log().resolveSibling("appendonly.aof.manifest");
    Process tool =
        new ProcessBuilder("redis-check-aof", "--fix", manifest.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream answer = tool.getOutputStream()) {
      answer.write("y\n".getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(tool.onExit().join().exitValue()).isZero();
  }

  /** Until it says that its file cannot be written; with {@code always}, it ends instead. */
  void awaitUnableToWrite() {
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollInterval(20, TimeUnit.MILLISECONDS)
        .until(() -> !isAlive() || info("persistence", "aof_last_write_status").equals("err"));
  }

  /** Starts it on what is in its folder; returns when it has read that. */
  void startAgain() throws IOException {
    child = launch();
    awaitReady();
  }

  /**
   * The file that grows with each write; it is the only one of its kind while none is rewritten.
   */
  private Path log() {
    return folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
  }

  private Path trace() {
    return folder.resolveSibling(folder.getFileName() + ".trace");
  }

  /** A field of {@code INFO}; empty while it is away. */
  String info(String section, String field) {
    return ask("INFO " + section, LARGEST_ANSWER)
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private Child launch() throws IOException {
    List<String> command = new ArrayList<>(traced ? SyncTrace.watcher(trace()) : List.of());
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
            fsync(),
            "--repl-diskless-sync-delay",
            "0",
            "--auto-aof-rewrite-percentage",
            traced ? "0" : "100"));
    return Child.start(folder.resolveSibling(folder.getFileName() + ".out"), command);
  }

  private void awaitReady() throws IOException {
    Awaitility.await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .pollDelay(5, TimeUnit.MILLISECONDS)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .untilAsserted(
            () -> {
              assertThat(child.process().isAlive()).as(child.output()).isTrue();
              assertThat(ask("PING", 5)).isEqualTo("+PONG");
            });
    // not before: what was cut in mid-command is cut back further by its start
    sizeAtStart = traced ? Files.size(log()) : 0;
  }

  /** The beginning of its answer; nothing while it is away. */
  String ask(String command) {
    return ask(command, LARGEST_ANSWER);
  }

  private String ask(String command, int most) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[most];
      int read = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, read), StandardCharsets.US_ASCII);
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
