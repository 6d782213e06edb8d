package org.firstlight.dm.shipment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.firstlight.dm.TestClock;
import org.firstlight.dm.audit.Audit;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.shipment.ShipmentList.State;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipmentsTest {
  private final TestClock clock = new TestClock();
  @TempDir private Path folder;

  private void put(FleetState records, String id, String node, State how) throws Exception {
    ShipmentList list =
        new ShipmentList(
            id,
            "acme",
            1,
            "0".repeat(64),
            Optional.empty(),
            Optional.empty(),
            node,
            new ShipmentList.Bringer("platform", "PLATFORM_OPERATOR", "tests", "192.0.2.1"),
            how,
            0,
            ShipmentList.Progress.NONE,
            Optional.empty(),
            clock.instant(),
            clock.instant());
    new BlockingState(records).commit(Change.in(id).put(Kinds.SHIPMENT, id, 0, list).build());
    Files.writeString(folder.resolve(id + ".ndjson"), "x");
    Files.writeString(folder.resolve(id + ".report"), "x");
  }

  private boolean isThere(FleetState records, String id) {
    boolean record = new BlockingState(records).find(Kinds.SHIPMENT, id).isPresent();
    assertThat(Files.exists(folder.resolve(id + ".report"))).isEqualTo(record);
    return record;
  }

  @Test
  void lists_are_forgotten_a_week_after_their_last_byte_or_a_month_after_their_end()
      throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), Durability.EVERYSEC);
        RedisStores stores = RedisStores.open(redis.settings(), clock)) {
      FleetState records = stores.stores().records();
      put(records, "waiting", "here", State.RECEIVING);
      put(records, "ended", "here", State.DONE);
      put(records, "working", "here", State.APPLYING);
      put(records, "elsewhere", "there", State.DONE);
      Shipments shipments =
          new Shipments(records, new Audit(records, clock), folder, "here", clock);

      clock.forward(Duration.ofDays(6));
      shipments.clean();
      assertThat(isThere(records, "waiting")).isTrue();

      clock.forward(Duration.ofDays(2));
      shipments.clean();
      assertThat(isThere(records, "waiting")).isFalse();
      assertThat(isThere(records, "ended")).isTrue();

      clock.forward(Duration.ofDays(23));
      shipments.clean();
      assertThat(isThere(records, "ended")).isFalse();
      assertThat(isThere(records, "working")).as("goes on, however late").isTrue();
      assertThat(isThere(records, "elsewhere")).as("another node's").isTrue();
      shipments.close();
    }
  }
}
