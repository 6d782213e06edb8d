package org.firstlight.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.firstlight.fleet.state.Stores;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.topology.RedisTopology;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.commands.ProtocolCommand;

/** A real Redis, with the stores on it: an embedded one of its own, or any that is shared. */
public final class TestRedis implements AutoCloseable {
  private final Path directory;
  private final Optional<EmbeddedRedis> embedded;
  private final Optional<RedisTopology> shared;
  private final RedisSettings settings;
  private final RedisStores stores;

  public TestRedis() {
    this(Where.EMBEDDED);
  }

  public TestRedis(Where where) {
    try {
      directory = Files.createTempDirectory("firstlight-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean own = where == Where.EMBEDDED;
    embedded =
        own ? Optional.of(EmbeddedRedis.start(directory, Durability.EVERYSEC)) : Optional.empty();
    shared = own ? Optional.empty() : Optional.of(where.start());
    settings =
        embedded.map(EmbeddedRedis::settings).orElseGet(() -> shared.orElseThrow().settings());
    stores = RedisStores.open(settings, Clock.systemUTC());
    // the stores connect by themselves, and on a busy machine that takes a while
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .until(() -> stores.health().problem().isEmpty());
  }

  public Stores stores() {
    return stores.stores();
  }

  public RedisHealth health() {
    return stores.health();
  }

  public RedisSettings settings() {
    return settings;
  }

  public EmbeddedRedis server() {
    return embedded.orElseThrow();
  }

  /** Kills the process that has a shard; it comes back. */
  public void kill(int shard) {
    embedded.ifPresent(server -> server.process().destroyForcibly());
    shared.ifPresent(
        topology -> {
          var process = topology.masterOf(shard);
          process.kill();
          process.startAgain();
        });
  }

  /** What Redis answers to a command that goes past the stores; a key comes first. */
  public @Nullable Object command(ProtocolCommand command, String... arguments) {
    byte[][] words = Stream.of(arguments).map(Bytes::of).toArray(byte[][]::new);
    boolean key = arguments.length > 0 && arguments[0].startsWith("fl:{");
    int shard = key ? Keys.shardOf(words[0]) : 0;
    try (Nodes nodes = new Nodes(settings.topology(), settings.login(), settings.tls());
        Connection connection = nodes.open(nodes.of(shard))) {
      connection.sendCommand(command, words);
      return connection.getOne();
    }
  }

  /** Stops the process where it is, or lets it go on. */
  public void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(server().process().pid()))
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
    embedded.ifPresent(EmbeddedRedis::close);
    deleteAll(directory);
  }

  static void deleteAll(Path directory) {
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
