package org.firstlight.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.ObjectModelDocument;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.topology.ClusteredRedis;
import org.firstlight.redis.topology.RedisProcess;
import org.firstlight.redis.topology.StandaloneRedis;
import org.firstlight.redis.topology.WatchedRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Masters change places, fall away, move their shards: all goes on without help. */
@Timeout(180)
class FailoverTest {
  private static final String HOME = "platform";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void in_a_cluster_shards_move_masters_change_places_and_fall_away() {
    try (ClusteredRedis cluster = ClusteredRedis.start(folder);
        RedisStores stores = RedisStores.open(cluster.settings(), Clock.systemUTC())) {
      FleetState state = stores.stores().records();
      int shard = Shard.of(HOME);
      commit(state, "before");

      RedisProcess owner = cluster.masterOf(shard);
      RedisProcess other =
          cluster.masters().stream().filter(one -> one != owner).findFirst().orElseThrow();
      cluster.moveShard(shard, other);
      commit(state, "moved");

      RedisProcess replica = cluster.replicasOf(other).get(0);
      cluster.failOver(other);
      await().atMost(PATIENCE).until(() -> cluster.masterOf(shard) == replica);
      commit(state, "planned");
      cluster.awaitWhole();

      replica.kill();
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(DependencyUnavailableException.class)
          .untilAsserted(() -> commit(state, "killed"));
      for (String id : List.of("before", "moved", "planned", "killed")) {
        assertThat(find(state, id)).as(id).isPresent();
      }
    }
  }

  @Test
  void the_master_that_the_sentinels_name_is_written_to_and_followed() {
    try (WatchedRedis redis = WatchedRedis.start(folder);
        RedisStores stores = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      FleetState state = stores.stores().records();
      List<String> seen = new CopyOnWriteArrayList<>();
      var follower = stores.stores().events().follow("", entry -> seen.add(entry.cursor()));
      commit(state, "before");
      // the sentinels do not wait for a replica that is behind
      redis.awaitWhole();
      RedisProcess before = redis.master();
      redis.failOver();
      // one that becomes a replica closes its connections, ours too
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(JedisConnectionException.class)
          .until(() -> !before.isMaster());
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(DependencyUnavailableException.class)
          .untilAsserted(() -> commit(state, "planned"));
      assertThat(find(state, "before")).isPresent();
      redis.awaitWhole();

      redis.master().kill();
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(DependencyUnavailableException.class)
          .untilAsserted(() -> commit(state, "killed"));
      assertThat(find(state, "planned")).isPresent();
      await().atMost(PATIENCE).until(() -> stores.health().problem().isEmpty());
      close(follower);
    }
  }

  @Test
  void what_is_guarded_waits_for_a_replica_and_nothing_else_does() {
    try (ClusteredRedis cluster = ClusteredRedis.start(folder, Duration.ofSeconds(30));
        RedisStores stores =
            RedisStores.open(cluster.settings().withReplicas(1), Clock.systemUTC())) {
      FleetState state = stores.stores().records();
      assertThat(TestRedis.await(state.commit(guarded("first"))))
          .isInstanceOf(CommitOutcome.Committed.class);
      RedisProcess replica = cluster.replicasOf(cluster.masterOf(Shard.of(HOME))).get(0);

      replica.freeze();
      assertThatThrownBy(() -> TestRedis.await(state.commit(guarded("second"))))
          .isInstanceOf(DependencyUnavailableException.class)
          .hasMessageContaining("replica");
      commit(state, "unguarded");
      assertThat(stores.health().problem().orElse("")).contains("replica");

      replica.thaw();
      await()
          .atMost(PATIENCE)
          .ignoreExceptionsInstanceOf(DependencyUnavailableException.class)
          .untilAsserted(() -> TestRedis.await(state.commit(guarded("third"))));
      await().atMost(PATIENCE).until(() -> stores.health().problem().isEmpty());
    }
  }

  @Test
  void a_certificate_for_another_name_and_a_wrong_password_are_named() {
    try (StandaloneRedis redis = StandaloneRedis.start(folder)) {
      RedisSettings stranger =
          RedisSettings.of(
                  redis.settings().topology(),
                  new Login(Optional.of("firstlight"), Optional.of("wrong")))
              .with(redis.settings().tls().orElseThrow());
      assertThatThrownBy(() -> RedisStores.open(stranger, Clock.systemUTC()))
          .hasMessageContaining("refuses the user or the password");
    }
    try (StandaloneRedis redis = StandaloneRedis.start(folder.resolve("b"), "other.example")) {
      assertThatThrownBy(() -> RedisStores.open(redis.settings(), Clock.systemUTC()))
          .hasMessageContaining("certificate");
    }
  }

  private static Change guarded(String id) {
    return change(id).guarded(true).build();
  }

  private static Change.Builder change(String id) {
    return Change.in(HOME)
        .put(
            Kinds.OBJECT_MODEL,
            id,
            Change.ANY_VERSION,
            new ObjectModelDocument(1, "1.0", "name", id));
  }

  private static void commit(FleetState state, String id) {
    assertThat(TestRedis.await(state.commit(change(id).build())))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  private static Optional<?> find(FleetState state, String id) {
    return TestRedis.await(state.find(Kinds.OBJECT_MODEL, HOME, id));
  }

  private static void close(AutoCloseable what) {
    try {
      what.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
