package org.firstlight.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Topology;
import org.firstlight.redis.pipeline.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A Redis of our own: a child process on a free loopback port, with an append-only file in the data
 * directory. It is started again when it dies, and ends with this process; one that outlived an
 * earlier process on the same directory is stopped first, so there are never two.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final int PORT_ATTEMPTS = 5;
  private static final Duration LOADING_TIME = Duration.ofMinutes(5);
  private static final Duration STOPPING_TIME = Duration.ofSeconds(10);
  private static final Duration OTHERS_TIME = Duration.ofSeconds(5);

  /** In what Redis says when it does not start on a log that ends too early. */
  private static final String TORN_LOG = "Unexpected end of file reading the append only file";

  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration FIRST_RESTART = Duration.ofMillis(100);
  private static final Duration LONGEST_RESTART = Duration.ofSeconds(5);

  private final RedisServerProgram program;
  private final EmbeddedFiles files;
  private final RedisSettings settings;
  private final Thread supervisor = new Thread(this::supervise, "redis-supervisor");
  private final Thread atExit = new Thread(this::stopAtExit, "redis-at-exit");
  private volatile Process process;
  private volatile boolean closing;

  private EmbeddedRedis(
      RedisServerProgram program, EmbeddedFiles files, RedisSettings settings, Process process) {
    this.program = program;
    this.files = files;
    this.settings = settings;
    this.process = process;
  }

  /**
   * Starts the {@code redis-server} on the PATH and waits until it has loaded its data.
   *
   * @param directory for its data, password and log: made if it is not there, 0700
   * @throws RedisUnusableException saying what is missing or wrong
   */
  public static EmbeddedRedis start(Path directory, Durability durability) {
    RedisServerProgram program = RedisServerProgram.find(searchPath());
    EmbeddedFiles files = EmbeddedFiles.open(directory);
    try {
      stopLeftover(files);
      EmbeddedRedis redis = launch(program, files, durability);
      redis.supervisor.setDaemon(true);
      redis.supervisor.start();
      Runtime.getRuntime().addShutdownHook(redis.atExit);
      log.info("Redis runs at {} (process {})", redis.settings.address(), redis.process.pid());
      return redis;
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /** The Redis that works in a directory now, for tools beside it; empty if none does. */
  public static Optional<RedisSettings> running(Path directory) {
    OptionalInt port = EmbeddedFiles.portOf(directory);
    return port.isPresent() && process(directory).isPresent()
        ? Optional.of(settings(port.getAsInt(), EmbeddedFiles.passwordOf(directory)))
        : Optional.empty();
  }

  private static RedisSettings settings(int port, String password) {
    return RedisSettings.of(
        new Topology.Standalone(new Node("127.0.0.1", port)),
        new Login(Optional.empty(), Optional.of(password)));
  }

  public RedisSettings settings() {
    return settings;
  }

  /** The process that runs at present. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Stops it when all that it acknowledged is in its file. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      log.debug("the JVM is ending already");
    }
    stop();
    files.close();
  }

  private static EmbeddedRedis launch(
      RedisServerProgram program, EmbeddedFiles files, Durability durability) {
    String password = files.password();
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      RedisSettings settings = settings(port, password);
      files.writeConfiguration(port, password, durability);
      Process process = run(program, files);
      if (isReady(process, settings)) {
        return new EmbeddedRedis(program, files, settings, process);
      }
      kill(process.toHandle());
      if (attempt == PORT_ATTEMPTS) {
        throw new RedisUnusableException("redis-server does not start: " + files.lastWords());
      }
    }
  }

  private static Process run(RedisServerProgram program, EmbeddedFiles files) {
    if (files.lastWords().contains(TORN_LOG)) {
      log.warn(
          "the log of Redis ends in mid-command: it is cut back to its last whole transaction");
      log.warn("redis-check-aof: {}", program.mendLog(files.directory()).strip());
    }
    try {
      return program.start(files.configuration(), searchPath());
    } catch (IOException e) {
      throw new RedisUnusableException("redis-server cannot be run: " + e.getMessage(), e);
    }
  }

  /** Waits until it answers; false if it ended or takes too long. */
  private static boolean isReady(Process process, RedisSettings settings) {
    long end = System.nanoTime() + LOADING_TIME.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try (Connection connection = Connections.open(settings)) {
        if (connection.ping()) {
          return process.isAlive();
        }
      } catch (JedisException e) {
        log.debug("Redis is not ready yet: {}", e.getMessage());
      }
      pause(PAUSE);
    }
    return false;
  }

  private void supervise() {
    Duration backOff = FIRST_RESTART;
    while (!closing) {
      try {
        long started = System.nanoTime();
        int status = process.waitFor();
        if (closing) {
          return;
        }
        boolean lasted = System.nanoTime() - started > LONGEST_RESTART.toNanos();
        backOff = lasted ? FIRST_RESTART : shorter(backOff.multipliedBy(2), LONGEST_RESTART);
        log.warn("Redis ended unexpectedly (status {}): it is started again", status);
        pause(backOff);
        restart();
      } catch (InterruptedException e) {
        return;
      } catch (RedisUnusableException e) {
        log.error("Redis cannot be started again: {}", e.getMessage());
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private synchronized void restart() {
    if (!closing) {
      process = run(program, files);
    }
  }

  private void stop() {
    synchronized (this) {
      closing = true;
    }
    supervisor.interrupt();
    kill(process.toHandle());
  }

  /** Ends it with the JVM, though not before those who still write have disconnected. */
  private void stopAtExit() {
    long end = System.nanoTime() + OTHERS_TIME.toNanos();
    while (System.nanoTime() < end && hasOtherClients()) {
      pause(PAUSE);
    }
    stop();
  }

  private boolean hasOtherClients() {
    try (Connection connection = Connections.open(settings)) {
      String info = Bytes.text(connection.executeCommand(Command.INFO));
      return !RedisInfo.parse(info).get("connected_clients").equals("1");
    } catch (JedisException e) {
      return false;
    }
  }

  private static void stopLeftover(EmbeddedFiles files) {
    process(files.directory())
        .ifPresent(
            process -> {
              log.warn("stopping the Redis that an earlier process left ({})", process.pid());
              kill(process);
            });
  }

  private static Optional<ProcessHandle> process(Path directory) {
    return EmbeddedFiles.pid(directory)
        .flatMap(ProcessHandle::of)
        .filter(process -> worksIn(process, directory));
  }

  /** Whether this is the Redis of the directory: it works in it, or was started with its file. */
  private static boolean worksIn(ProcessHandle process, Path directory) {
    Path workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
    try {
      return workingDirectory.toRealPath().equals(directory.toRealPath());
    } catch (IOException e) {
      return process.info().commandLine().orElse("").contains(directory.toString());
    }
  }

  private static void kill(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(STOPPING_TIME.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("Redis (process {}) does not stop: it is killed", process.pid());
      process.destroyForcibly();
      process.onExit().join();
    }
  }

  private static String searchPath() {
    return Optional.ofNullable(System.getenv("PATH")).orElse("");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
