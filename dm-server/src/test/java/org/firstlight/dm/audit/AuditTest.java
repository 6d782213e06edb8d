package org.firstlight.dm.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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
        BlockingState.await(
            audit.record(PLATFORM, "192.0.2.7", "device.claim", "device-" + i, "ok"));
      }

      await()
          .untilAsserted(
              () -> assertThat(targets(audit)).containsExactly("device-7", "device-6", "device-5"));
    }
  }

  private static List<String> targets(Audit audit) {
    return audit.list(everything(), Optional.empty(), 100).items().stream()
        .map(stored -> stored.value().target())
        .toList();
  }

  private static Audit.Wanted everything() {
    return new Audit.Wanted(PLATFORM, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void goes_through_more_than_a_page_of_the_acts_that_are_asked_for(@TempDir Path folder) {
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, Durability.EVERYSEC);
        RedisStores stores = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      Instant begin = Instant.parse("2026-11-27T08:00:00Z");
      AtomicLong seconds = new AtomicLong();
      Clock clock =
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return begin.plusSeconds(seconds.get());
            }
          };
      Audit audit = new Audit(stores.stores().records(), clock);
      for (int i = 0; i < 1_100; i++) {
        seconds.set(i);
        BlockingState.await(
            audit.record(PLATFORM, "192.0.2.7", "device.claim", "device-" + i % 2, "ok"));
      }
      List<Instant> times = new ArrayList<>();

      audit.forEach(everything(), stored -> times.add(stored.value().at()));
      assertThat(times).hasSize(1_100).isSortedAccordingTo(Comparator.reverseOrder());

      times.clear();
      audit.forEach(
          new Audit.Wanted(
              PLATFORM,
              Optional.of(begin.plusSeconds(10)),
              Optional.of(begin.plusSeconds(20)),
              Optional.of("device-1")),
          stored -> times.add(stored.value().at()));
      assertThat(times)
          .containsExactly(
              begin.plusSeconds(19),
              begin.plusSeconds(17),
              begin.plusSeconds(15),
              begin.plusSeconds(13),
              begin.plusSeconds(11));
    }
  }
}
