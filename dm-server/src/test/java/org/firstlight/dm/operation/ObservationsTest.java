package org.firstlight.dm.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.eclipse.californium.core.coap.Token;
import org.firstlight.dm.operation.Observations.Target;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservationsTest {
  private static final int PATHS = 60;

  @TempDir Path directory;

  private static void put(RedisStores stores, EndpointName name, DeviceState at) {
    String home = name.value();
    Device device =
        new Device(
            name,
            "maker",
            home,
            Optional.empty(),
            "meter",
            "1",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            at,
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty());
    new BlockingState(stores.stores().records())
        .commit(Change.in(home).put(Kinds.DEVICE, home, Change.ANY_VERSION, device).build());
  }

  @Test
  void observation_that_the_device_agrees_to_after_it_changed_hands_is_nobodys() {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC);
        RedisStores stores = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      Observations observations = new Observations(stores.stores().records());
      EndpointName device = new EndpointName("urn:dev:moved");
      LwM2mPath path = LwM2mPath.parse("/6/0");
      for (DeviceState at : List.of(DeviceState.EXPECTED, DeviceState.CLAIMED)) {
        put(stores, device, at);
        BlockingState.await(
            observations.began(new Target(device, 1, path), new Token(new byte[] {1})));
        assertThat(BlockingState.await(observations.wanted(device, 1))).isEmpty();
      }
    }
  }

  @Test
  void observations_that_two_nodes_begin_on_one_device_at_once_are_all_kept() {
    try (EmbeddedRedis redis = EmbeddedRedis.start(directory, Durability.EVERYSEC);
        RedisStores stores = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      List<Observations> nodes =
          List.of(
              new Observations(stores.stores().records()),
              new Observations(stores.stores().records()));
      EndpointName device = new EndpointName("urn:dev:observed");
      put(stores, device, DeviceState.REGISTERED);
      Set<LwM2mPath> paths = new HashSet<>();
      List<CompletableFuture<?>> begun = new ArrayList<>();
      for (int i = 0; i < PATHS; i++) {
        LwM2mPath path = LwM2mPath.parse("/3303/%d/5700".formatted(i));
        paths.add(path);
        begun.add(
            nodes
                .get(i % nodes.size())
                .began(new Target(device, 1, path), new Token(new byte[] {(byte) i}))
                .toCompletableFuture());
      }
      begun.forEach(BlockingState::await);

      assertThat(BlockingState.await(nodes.get(0).wanted(device, 1))).isEqualTo(paths);
    }
  }
}
