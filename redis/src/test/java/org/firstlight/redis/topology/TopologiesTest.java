package org.firstlight.redis.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The fixtures themselves: they do what their users build on. */
@Timeout(120)
class TopologiesTest {
  @TempDir Path folder;

  @Test
  void a_clusters_masters_change_places_and_shards_move() {
    try (ClusteredRedis cluster = ClusteredRedis.start(folder)) {
      RedisProcess master = cluster.masterOf(7);
      assertThat(cluster.masters()).hasSize(3);
      RedisProcess replica = cluster.replicasOf(master).get(0);
      cluster.failOver(master);
      cluster.awaitWhole();
      assertThat(cluster.masterOf(7)).isSameAs(replica);
      RedisProcess other =
          cluster.masters().stream().filter(one -> one != replica).findFirst().orElseThrow();
      cluster.moveShard(7, other);
      cluster.awaitWhole();
      assertThat(cluster.masterOf(7)).isSameAs(other);
    }
  }

  @Test
  void sentinels_put_a_replica_in_the_place_of_a_killed_master() {
    try (WatchedRedis redis = WatchedRedis.start(folder)) {
      RedisProcess before = redis.master();
      redis.failOver();
      redis.awaitWhole();
      RedisProcess after = redis.master();
      assertThat(after).isNotSameAs(before);
      after.kill();
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(60))
          .until(() -> redis.master() != after && redis.master().isMaster());
    }
  }

  @Test
  void a_standalone_speaks_tls() {
    try (StandaloneRedis redis = StandaloneRedis.start(folder)) {
      assertThat(redis.process().command("PING")).isNotNull();
    }
  }
}
