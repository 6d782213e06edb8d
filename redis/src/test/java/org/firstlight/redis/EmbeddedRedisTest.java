package org.firstlight.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.pipeline.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

class EmbeddedRedisTest {
  @TempDir Path directory;

  @Test
  void keeps_its_data_and_password_over_a_clean_stop() {
    RedisSettings first;
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      first = redis.settings();
      put(redis.settings());
    }
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.ALWAYS)) {
      assertThat(redis.settings().login()).isEqualTo(first.login());
      assertThat(isThere(redis.settings())).isTrue();
      assertThat(setting(redis, "appendfsync")).isEqualTo("always");
    }
  }

  @Test
  void only_its_owner_and_only_with_the_password() throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      assertThat(mode(directory)).isEqualTo("rwx------");
      for (String file : new String[] {"password", "redis.conf", "lock"}) {
        assertThat(mode(directory.resolve(file))).as(file).isEqualTo("rw-------");
      }
      String password = redis.settings().login().password().orElseThrow();
      assertThat(password).hasSizeGreaterThanOrEqualTo(32);
      assertThat(redis.settings().toString()).doesNotContain(password);
      assertThat(Files.readString(Path.of("/proc", redis.process().pid() + "", "cmdline")))
          .doesNotContain(password);
      assertThat(setting(redis, "bind")).isEqualTo("127.0.0.1");
      assertThat(setting(redis, "hash-max-ziplist-value")).isEqualTo("1024");

      RedisSettings noPassword = RedisSettings.of(redis.settings().topology(), Login.NONE);
      assertThatThrownBy(() -> RedisStores.open(noPassword, Clock.systemUTC()))
          .hasMessageContaining("refuses the user or the password");
    }
  }

  @Test
  void comes_back_by_itself_when_it_dies_with_all_it_acknowledged() {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      put(redis.settings());
      long first = redis.process().pid();
      redis.process().destroyForcibly();

      await().ignoreExceptions().until(() -> isThere(redis.settings()));
      assertThat(redis.process().pid()).isNotEqualTo(first);
    }
  }

  /** Redis itself keeps the beginning of a torn one, and does it at the start after the next. */
  @Test
  void a_torn_transaction_is_gone_and_stays_gone() throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      command(redis, Command.EVAL, two("first"), "0");
      command(redis, Command.EVAL, two("torn"), "0");
    }
    Path log = directory.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 20);
    }
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      assertThat(text(redis, "a")).isEqualTo("first");
      command(redis, Command.SET, "c", "later");
      command(redis, Command.EVAL, "redis.call('SET', 'd', 1) redis.call('SET', 'e', 1)", "0");
    }
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      assertThat(text(redis, "a")).isEqualTo("first");
      assertThat(text(redis, "b")).isEqualTo("first");
      assertThat(text(redis, "c")).isEqualTo("later");
    }
  }

  private static String two(String value) {
    return "redis.call('SET', 'a', '%1$s') redis.call('SET', 'b', '%1$s')".formatted(value);
  }

  private static String text(EmbeddedRedis redis, String key) {
    return Bytes.text(command(redis, Command.GET, key));
  }

  @Test
  void a_directory_has_one_redis_and_one_process() {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      assertThatThrownBy(() -> EmbeddedRedis.start(directory, Durability.EVERYSEC))
          .isInstanceOf(RedisUnusableException.class)
          .hasMessageContaining("another Firstlight process");
      assertThat(isThere(redis.settings())).isFalse();
    }
  }

  @Test
  void ends_with_its_jvm() throws Exception {
    Process jvm = otherJvm();
    ProcessHandle redis = redisOf(jvm);

    jvm.destroy();

    assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
    await().until(() -> !redis.isAlive());
  }

  @Test
  void what_a_killed_jvm_left_is_stopped_before_another_starts() throws Exception {
    Process jvm = otherJvm();
    ProcessHandle left = redisOf(jvm);
    jvm.destroyForcibly().waitFor();
    assertThat(left.isAlive()).isTrue();

    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      assertThat(left.isAlive()).isFalse();
      assertThat(isThere(redis.settings())).isTrue();
    }
  }

  @Test
  void says_what_is_missing() throws IOException {
    assertThatThrownBy(() -> RedisServerProgram.find(directory.toString()))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessageContaining("no redis-server on the PATH");

    Path old = directory.resolve("redis-server");
    Files.writeString(old, "#!/bin/sh\necho Redis server v=6.0.16 sha=00000000:0\n");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> RedisServerProgram.find(directory.toString()))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessageContaining("6.0.16")
        .hasMessageContaining("6.2");

    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> EmbeddedRedis.start(file.resolve("redis"), Durability.EVERYSEC))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessageContaining("cannot be written to");
  }

  @Test
  void a_broken_file_of_data_is_told_with_what_redis_says() throws IOException {
    Files.writeString(directory.resolve("appendonlydir"), "this should be a directory");
    assertThatThrownBy(() -> EmbeddedRedis.start(directory, Durability.EVERYSEC))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessageContaining("redis-server does not start")
        .hasMessageContaining("appendonlydir");
  }

  @Test
  void a_redis_that_would_lose_records_is_refused_by_the_name_of_the_setting() {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC)) {
      command(redis, Command.CONFIG, "SET", "maxmemory-policy", "allkeys-lru");
      assertThatThrownBy(() -> RedisStores.open(redis.settings(), Clock.systemUTC()))
          .isInstanceOf(RedisUnusableException.class)
          .hasMessageContaining("maxmemory-policy")
          .hasMessageContaining("allkeys-lru");

      command(redis, Command.CONFIG, "SET", "maxmemory-policy", "noeviction");
      command(redis, Command.CONFIG, "SET", "appendonly", "no");
      assertThatThrownBy(() -> RedisStores.open(redis.settings(), Clock.systemUTC()))
          .isInstanceOf(RedisUnusableException.class)
          .hasMessageContaining("appendonly");
    }
    for (String old : new String[] {"5.0.14", "6.0.20", "what"}) {
      assertThatThrownBy(() -> RedisVersion.check(old)).isInstanceOf(RedisUnusableException.class);
    }
    RedisVersion.check("6.2.0");
    RedisVersion.check("10.0.1");
  }

  /** Starts a Redis in a JVM of its own, which then waits to be ended. */
  public static void main(String... arguments) throws InterruptedException {
    EmbeddedRedis redis = EmbeddedRedis.start(Path.of(arguments[0]), Durability.EVERYSEC);
    put(redis.settings());
    System.out.println(redis.process().pid());
    Thread.currentThread().join();
  }

  private Process otherJvm() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedRedisTest.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static ProcessHandle redisOf(Process jvm) throws IOException {
    var lines = jvm.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.matches("\\d+")) {
        return ProcessHandle.of(Long.parseLong(line)).orElseThrow();
      }
    }
    throw new IllegalStateException("the JVM started no Redis");
  }

  private static void put(RedisSettings settings) {
    try (RedisStores stores = RedisStores.open(settings, Clock.systemUTC())) {
      Hint hint = new Hint(new EndpointName("urn:dev:1"));
      Change change = Change.in("urn:dev:1").put(Kinds.BY_EID, "1", 0, hint).build();
      TestRedis.await(stores.stores().records().commit(change));
    }
  }

  private static boolean isThere(RedisSettings settings) {
    try (RedisStores stores = RedisStores.open(settings, Clock.systemUTC())) {
      return TestRedis.await(stores.stores().records().find(Kinds.BY_EID, "urn:dev:1", "1"))
          .isPresent();
    }
  }

  private static String setting(EmbeddedRedis redis, String name) {
    return Bytes.text(Bytes.list(command(redis, Command.CONFIG, "GET", name)).get(1));
  }

  private static Object command(EmbeddedRedis redis, Command command, String... arguments) {
    try (Connection connection = Connections.open(redis.settings())) {
      connection.sendCommand(command, Stream.of(arguments).map(Bytes::of).toArray(byte[][]::new));
      return connection.getOne();
    } catch (JedisException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
