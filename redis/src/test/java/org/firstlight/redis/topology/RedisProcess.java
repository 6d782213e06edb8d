package org.firstlight.redis.topology;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.firstlight.redis.node.Connector;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Tls;
import org.firstlight.redis.pipeline.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/** One {@code redis-server} on a port of its own, which it keeps when it is started again. */
public final class RedisProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PORT_ATTEMPTS = 10;

  /** How its tests sign in. */
  record Access(Login login, Optional<Tls> tls) {
    static final Access OPEN = new Access(Login.NONE, Optional.empty());
  }

  private final Path folder;
  private final Node node;
  private final Node announced;
  private final List<String> command;
  private final Connector connector;
  private Process process;

  private RedisProcess(
      Path folder,
      Node node,
      Node announced,
      List<String> command,
      Connector connector,
      Process process) {
    this.folder = folder;
    this.node = node;
    this.announced = announced;
    this.command = command;
    this.connector = connector;
    this.process = process;
  }

  /** Starts one that others reach at its own port, and waits until it answers. */
  static RedisProcess start(
      Path folder, Access access, IntFunction<List<String>> configuration, String... options) {
    return start(
        folder, access, port -> port, (port, announced) -> configuration.apply(port), options);
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param door gives the port where others reach it, for its own
   * @param configuration lines of its configuration file for these two
   */
  static RedisProcess start(
      Path folder,
      Access access,
      IntUnaryOperator door,
      BiFunction<Integer, Integer, List<String>> configuration,
      String... options) {
    try {
      Files.createDirectories(folder);
      for (int attempt = 1; ; attempt++) {
        int port = freePort();
        Path file = folder.resolve("redis.conf");
        int announced = door.applyAsInt(port);
        Files.write(file, configuration.apply(port, announced));
        List<String> command = new ArrayList<>(List.of("redis-server", file.toString()));
        command.addAll(List.of(options));
        RedisProcess started =
            new RedisProcess(
                folder,
                new Node("127.0.0.1", port),
                new Node("127.0.0.1", announced),
                command,
                new Connector(access.login(), access.tls()),
                launch(folder, command));
        if (started.isReady()) {
          return started;
        }
        if (attempt == PORT_ATTEMPTS) {
          throw new IllegalStateException(Files.readString(folder.resolve("redis.log")));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Node node() {
    return node;
  }

  /** Where the others of its topology say that it is. */
  public Node announced() {
    return announced;
  }

  /** Where its append-only file, its configuration and its log are. */
  public Path folder() {
    return folder;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Ends it by SIGTERM: it writes out first. */
  public void terminate() {
    signal("CONT");
    process.destroy();
    process.onExit().join();
  }

  /** Starts it again where it was, and waits until it has loaded its data. */
  public void startAgain() {
    process = launch(folder, command);
    if (!isReady()) {
      throw new IllegalStateException("redis-server at " + node + " does not start again");
    }
  }

  /** Stops the process where it is. */
  public void freeze() {
    signal("STOP");
  }

  public void thaw() {
    signal("CONT");
  }

  /** What it answers to a command; its error is thrown. */
  public @Nullable Object command(String... words) {
    try (Connection connection = connector.open(node)) {
      byte[][] arguments = new byte[words.length - 1][];
      for (int i = 1; i < words.length; i++) {
        arguments[i - 1] = Bytes.of(words[i]);
      }
      byte[] name = Bytes.of(words[0]);
      connection.sendCommand(() -> name, arguments);
      return connection.getOne();
    }
  }

  public String text(String... words) {
    return Bytes.text(command(words));
  }

  /** A field of INFO; empty if it is not there. */
  public String info(String field) {
    return text("INFO", "everything")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .map(line -> line.substring(field.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** How far it is in what the master of its group has written; bytes. */
  long offset() {
    return Long.parseLong(info("master_repl_offset"));
  }

  public boolean isMaster() {
    return info("role").equals("master");
  }

  @Override
  public void close() {
    signal("CONT");
    kill();
  }

  private boolean isReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !process.isAlive() || answers());
    return process.isAlive();
  }

  private boolean answers() {
    try (Connection connection = connector.open(node)) {
      return connection.executeCommand(Command.PING) != null;
    } catch (JedisException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return root instanceof GeneralSecurityException; // it is there, under another name
    }
  }

  private static Process launch(Path folder, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Below those that the system gives to clients: it is still free when the process comes back. */
  static int freePort() {
    for (; ; ) {
      int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        continue;
      }
    }
  }

  /** What all of them have in common; a later line overrides an earlier one. */
  static List<String> configuration(Map<String, String> settings) {
    List<String> lines = new ArrayList<>();
    lines.add("bind 127.0.0.1");
    lines.add("dir ./");
    lines.add("logfile redis.log");
    lines.add("save \"\"");
    settings.forEach((key, value) -> lines.add(key + " " + value));
    return lines;
  }

  /** What a Redis that keeps records has: its log on the disk, and no eviction. */
  static List<String> storing(Map<String, String> settings) {
    List<String> lines = configuration(settings);
    lines.add("appendonly yes");
    lines.add("appendfsync everysec");
    lines.add("maxmemory-policy noeviction");
    lines.add("repl-diskless-sync-delay 0");
    return lines;
  }
}
