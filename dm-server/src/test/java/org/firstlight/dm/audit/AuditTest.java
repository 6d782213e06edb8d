package org.firstlight.dm.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
  private static final Principal PLATFORM = Principal.platform("test");

  @Test
  void keeps_the_newest_acts_and_lets_the_oldest_go(@TempDir Path folder) {
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, Durability.EVERYSEC);
        RedisStores stores = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      Audit audit = new Audit(stores.stores().records(), Clock.systemUTC(), 3, 1);

      for (int i = 0; i < 8; i++) {
        BlockingState.await(audit.record(PLATFORM, "device.claim", "device-" + i, "ok"));
      }

      await()
          .untilAsserted(
              () -> assertThat(targets(audit)).containsExactly("device-7", "device-6", "device-5"));
    }
  }

  private static List<String> targets(Audit audit) {
    return audit.list(PLATFORM, Optional.empty(), 100).items().stream()
        .map(stored -> stored.value().target())
        .toList();
  }
}
