package org.firstlight.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** An empty Redis of this measurement alone: append-only file, synced every second. */
public final class RedisProcess implements AutoCloseable {
  private static final long STARTING_MS = 20_000;
  private static final long PAUSE_MS = 20;

  private final Process process;
  private final int port;

  private RedisProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @param folder an empty one, for its data
   */
  public static RedisProcess start(Path folder) {
    int port = Ports.tcp();
    try {
      Files.createDirectories(folder);
      Process process =
          new ProcessBuilder(
                  List.of(
                      "redis-server",
                      "--port",
                      Integer.toString(port),
                      "--bind",
                      "127.0.0.1",
                      "--dir",
                      folder.toString(),
                      "--appendonly",
                      "yes",
                      "--appendfsync",
                      "everysec",
                      "--save",
                      "",
                      // as our embedded Redis has it; the peers keep no hashes
                      "--hash-max-ziplist-value",
                      "1024",
                      "--hash-max-ziplist-entries",
                      "64"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis.log").toFile())
              .start();
      RedisProcess redis = new RedisProcess(process, port);
      redis.awaitReady();
      return redis;
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server cannot be run", e);
    }
  }

  private void awaitReady() {
    long end = System.currentTimeMillis() + STARTING_MS;
    while (true) {
      try {
        info();
        return;
      } catch (JedisException e) {
        if (!process.isAlive() || System.currentTimeMillis() > end) {
          process.destroy();
          throw new IllegalStateException("redis-server does not start", e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public int port() {
    return port;
  }

  public String uri() {
    return "redis://" + address();
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  public double cpuSeconds() {
    return Cpu.seconds(process.pid());
  }

  public long usedMemory() {
    return number("used_memory");
  }

  /** Bytes of some keys; what is not there has none. */
  public long memoryOf(Stream<byte[]> keys) {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      // 0: every element is counted
      return keys.map(key -> jedis.memoryUsage(key, 0))
          .filter(Objects::nonNull)
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  /** Times that it read from its clients: what came together in one read is one round trip. */
  public long reads() {
    return number("total_reads_processed");
  }

  /** Commands of clients; what a script calls is not counted. */
  public long commands() {
    return number("total_commands_processed");
  }

  private long number(String field) {
    return Long.parseLong(info().get(field));
  }

  private Map<String, String> info() {
    try (Jedis jedis = new Jedis("127.0.0.1", port)) {
      return jedis
          .info()
          .lines()
          .filter(line -> line.contains(":"))
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf(':')),
                  line -> line.substring(line.indexOf(':') + 1).strip(),
                  (one, other) -> one));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
