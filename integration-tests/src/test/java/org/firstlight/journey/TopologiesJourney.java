package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.firstlight.redis.topology.ClusteredRedis;
import org.firstlight.redis.topology.RedisTopology;
import org.firstlight.redis.topology.StandaloneRedis;
import org.firstlight.redis.topology.WatchedRedis;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device's way to its owner's configuration is the same wherever state lies. */
class TopologiesJourney {
  /** What is not the platform's own. */
  enum Given {
    STANDALONE_WITH_TLS_AND_ACL,
    SENTINEL,
    CLUSTER;

    RedisTopology start(Path folder) {
      return switch (this) {
        case STANDALONE_WITH_TLS_AND_ACL -> StandaloneRedis.start(folder);
        case SENTINEL -> WatchedRedis.start(folder);
        case CLUSTER -> ClusteredRedis.start(folder);
      };
    }
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void a_factory_fresh_device_is_configured_with_state_in(Given given) throws Exception {
    Path root = Files.createDirectory(folder.resolve("world"));
    try (RedisTopology redis = given.start(folder.resolve("redis"));
        World world = World.on(redis, root, Order.of(1))) {
      Cast cast = world.cast();
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      cast.announceShipment();
      cast.bringSubscriptions(world.sealSubscriptions());
      cast.plan("issued-key");
      cast.configure("Europe/Berlin", world.cloudCredential());
      cast.claim(shipped, "26201");

      Thing thing = world.unpack(shipped).switchOn();
      world.awaitState(name, "CONFIGURED");

      assertThat(thing.holds(3, 0, 15)).isEqualTo("Europe/Berlin");
      assertThat(world.seen(name).at("/subscription/state").asText()).isEqualTo("ENABLED");
    }
  }
}
