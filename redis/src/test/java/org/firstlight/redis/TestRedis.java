package org.firstlight.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.firstlight.fleet.state.Stores;
import org.firstlight.redis.pipeline.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.commands.ProtocolCommand;

/** A real Redis in a directory of its own, with the stores on it. */
public final class TestRedis implements AutoCloseable {
  private final Path directory;
  private final EmbeddedRedis redis;
  private final RedisStores stores;

  public TestRedis() {
    try {
      directory = Files.createTempDirectory("firstlight-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    redis = EmbeddedRedis.start(directory, Durability.EVERYSEC);
    stores = RedisStores.open(redis.settings(), Clock.systemUTC());
  }

  public Stores stores() {
    return stores.stores();
  }

  public RedisHealth health() {
    return stores.health();
  }

  public RedisSettings settings() {
    return redis.settings();
  }

  public EmbeddedRedis server() {
    return redis;
  }

  /** What Redis answers to a command that goes past the stores. */
  public @Nullable Object command(ProtocolCommand command, String... arguments) {
    try (Connection connection = Connections.open(redis.settings())) {
      connection.sendCommand(command, Stream.of(arguments).map(Bytes::of).toArray(byte[][]::new));
      return connection.getOne();
    }
  }

  /** Stops the process where it is, or lets it go on. */
  public void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(redis.process().pid()))
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the stage completes with; its failure is thrown as it is. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stores.close();
    redis.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(TestRedis::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
