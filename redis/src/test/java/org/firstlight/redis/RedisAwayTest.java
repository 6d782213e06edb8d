package org.firstlight.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.ObjectModelDocument;
import org.firstlight.fleet.state.Stored;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** Redis dies, stands still, is full: nothing acknowledged is lost, nothing is written by half. */
@Timeout(90)
class RedisAwayTest {
  private TestRedis redis;
  private FleetState state;

  @BeforeEach
  void start() {
    redis = new TestRedis();
    state = redis.stores().records();
  }

  @AfterEach
  void stop() {
    redis.signal("CONT");
    redis.close();
  }

  @Test
  void what_was_acknowledged_is_there_once_after_redis_was_killed_under_load() throws Exception {
    Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    AtomicInteger unknown = new AtomicInteger();
    Semaphore inFlight = new Semaphore(64);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 4_000; i++) {
        if (i == 2_000) {
          redis.server().process().destroyForcibly();
        }
        String id = "device-" + i % 500;
        inFlight.acquire();
        state
            .commit(put(id, Change.ANY_VERSION))
            .whenComplete(
                (outcome, failure) -> {
                  if (outcome instanceof CommitOutcome.Committed done) {
                    acknowledged.merge(id, done.versions().get(0), Math::max);
                  } else {
                    assertThat(failure)
                        .hasRootCauseInstanceOf(DependencyUnavailableException.class);
                    unknown.incrementAndGet();
                  }
                  inFlight.release();
                });
      }
      inFlight.acquire(64);
      inFlight.release(64);
      await().ignoreExceptions().until(() -> find("device-0").isPresent());
    }

    assertThat(acknowledged).hasSize(500);
    Map<String, Long> stored = new HashMap<>();
    acknowledged.keySet().forEach(id -> stored.put(id, find(id).orElseThrow().version()));
    long beyond = 0;
    for (String id : acknowledged.keySet()) {
      assertThat(stored.get(id)).as(id).isGreaterThanOrEqualTo(acknowledged.get(id));
      beyond += stored.get(id) - acknowledged.get(id);
    }
    assertThat(beyond).as("done, though nobody heard of it").isLessThanOrEqualTo(unknown.get());
  }

  @Test
  void while_redis_stands_still_everything_fails_in_time_and_then_goes_on() {
    commit("before");
    redis.signal("STOP");
    long start = System.nanoTime();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(state.commit(put("during-" + i, 0)).toCompletableFuture());
      all.add(redis.stores().registrations().findById("0a1234567890").toCompletableFuture());
    }
    all.add(redis.stores().events().newest(10).toCompletableFuture());
    for (CompletableFuture<?> one : all) {
      assertThatThrownBy(() -> TestRedis.await(one))
          .isInstanceOf(DependencyUnavailableException.class);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    await().until(() -> redis.health().problem().isPresent());

    redis.signal("CONT");
    await().ignoreExceptions().untilAsserted(() -> commit("after"));
    assertThat(find("before")).isPresent();
    await().until(() -> redis.health().problem().isEmpty());
  }

  @Test
  void no_caller_waits_and_beyond_the_bound_it_is_busy() {
    try (RedisStores small =
        RedisStores.open(redis.settings().withQueueBound(50), Clock.systemUTC())) {
      redis.signal("STOP");
      long start = System.nanoTime();
      List<CompletableFuture<CommitOutcome>> all = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        all.add(small.stores().records().commit(put("d" + i, 0)).toCompletableFuture());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      List<String> why = new ArrayList<>();
      all.forEach(one -> why.add(failureOf(one)));
      assertThat(why).filteredOn(message -> message.contains("busy")).hasSizeGreaterThan(500);
      redis.signal("CONT");
    }
  }

  @Test
  void without_memory_writes_are_refused_whole_and_reads_go_on() {
    commit("before");
    long used = Long.parseLong(RedisInfo.parse(info()).get("used_memory"));
    redis.command(Command.CONFIG, "SET", "maxmemory", Long.toString(used / 2));

    assertThatThrownBy(() -> commit("during"))
        .isInstanceOf(DependencyUnavailableException.class)
        .hasMessageContaining("memory");

    assertThat(find("before")).isPresent();
    assertThat(find("during")).isEmpty();
    await().until(() -> redis.health().problem().orElse("").contains("maxmemory"));
    redis.command(Command.CONFIG, "SET", "maxmemory", "0");
    commit("during");
    await().until(() -> redis.health().problem().isEmpty());
  }

  @Test
  void a_forgotten_script_is_taught_again() {
    commit("before");
    redis.command(Command.SCRIPT, "FLUSH");
    commit("after");
    assertThat(find("after")).isPresent();
  }

  @Test
  void on_a_full_disk_writes_are_refused_whole_until_there_is_room(@TempDir Path mount)
      throws Exception {
    Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString()));
    try (EmbeddedRedis server = EmbeddedRedis.start(mount.resolve("redis"), Durability.EVERYSEC);
        RedisStores stores = RedisStores.open(server.settings(), Clock.systemUTC())) {
      FleetState here = stores.stores().records();
      TestRedis.await(here.commit(put("before", 0)));
      Path ballast = mount.resolve("ballast");
      fill(ballast);

      await()
          .until(
              () ->
                  failureOf(here.commit(put("during", Change.ANY_VERSION)).toCompletableFuture())
                      .contains("disk"));
      Optional<Stored<ObjectModelDocument>> before = TestRedis.await(found(here, "during"));
      assertThat(failureOf(here.commit(two("half")).toCompletableFuture())).contains("disk");
      assertThat(TestRedis.await(found(here, "half"))).isEmpty();
      assertThat(TestRedis.await(here.find(Kinds.OBJECT_MODEL, "half", "second"))).isEmpty();
      assertThat(TestRedis.await(found(here, "during"))).isEqualTo(before);
      assertThat(TestRedis.await(found(here, "before"))).isPresent();
      await().until(() -> stores.health().problem().orElse("").contains("disk"));

      Files.delete(ballast);
      await().ignoreExceptions().until(() -> TestRedis.await(here.commit(two("half"))) != null);
      await().until(() -> stores.health().problem().isEmpty());
    } finally {
      run("umount", mount.toString());
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4_096];
    try (var out = Files.newOutputStream(file)) {
      for (; ; ) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("space");
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  private static String failureOf(CompletableFuture<?> one) {
    try {
      one.join();
      return "";
    } catch (CompletionException e) {
      assertThat(e.getCause()).isInstanceOf(DependencyUnavailableException.class);
      return String.valueOf(e.getCause().getMessage());
    }
  }

  private String info() {
    return new String((byte[]) redis.command(Command.INFO));
  }

  private void commit(String id) {
    TestRedis.await(state.commit(put(id, Change.ANY_VERSION)));
  }

  private Optional<Stored<ObjectModelDocument>> find(String id) {
    return TestRedis.await(found(state, id));
  }

  private static java.util.concurrent.CompletionStage<Optional<Stored<ObjectModelDocument>>> found(
      FleetState state, String id) {
    return state.find(Kinds.OBJECT_MODEL, id, id);
  }

  private static Change put(String id, long version) {
    return Change.in(id).put(Kinds.OBJECT_MODEL, id, version, document()).build();
  }

  private static Change two(String home) {
    return Change.in(home)
        .put(Kinds.OBJECT_MODEL, home, Change.ANY_VERSION, document())
        .put(Kinds.OBJECT_MODEL, "second", Change.ANY_VERSION, document())
        .build();
  }

  private static ObjectModelDocument document() {
    return new ObjectModelDocument(1, "1.0", "name", "x".repeat(200));
  }
}
