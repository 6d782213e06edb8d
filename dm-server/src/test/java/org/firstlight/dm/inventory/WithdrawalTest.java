package org.firstlight.dm.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.operation.OperationQueues;
import org.firstlight.fleet.operation.QueuedOperation;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stores;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WithdrawalTest {
  private static final EndpointName DEVICE = new EndpointName("urn:dev:released");

  @Test
  void a_request_queued_while_the_owner_lets_go_is_not_the_next_owners(@TempDir Path folder)
      throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, Durability.EVERYSEC);
        RedisStores opened = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      Stores stores = opened.stores();
      BlockingState state = new BlockingState(stores.records());
      Change.Builder release = Change.in(DEVICE.value());
      new Withdrawal(state, stores.values()).endOwnersRecords(release, DEVICE);
      BlockingState.await(new OperationQueues(stores.records()).enqueue(DEVICE, request()));
      assertThat(state.find(Kinds.OPERATIONS, DEVICE.value())).isPresent();

      state.commit(release.build());

      assertThat(state.find(Kinds.OPERATIONS, DEVICE.value())).isEmpty();
      Instant later = Instant.now().plus(Duration.ofDays(1));
      assertThat(BlockingState.await(stores.records().due(Kinds.OPERATIONS, later, 10))).isEmpty();
    }
  }

  @Test
  void a_raw_public_key_ends_also_one_that_is_handed_over_meanwhile(@TempDir Path folder)
      throws Exception {
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, Durability.EVERYSEC);
        RedisStores opened = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      Stores stores = opened.stores();
      BlockingState state = new BlockingState(stores.records());
      handOver(state, OperationalCertificate.currentId(1));
      Change.Builder revocation = Change.in(DEVICE.value());
      new Withdrawal(state, stores.values())
          .endCredentials(revocation, DEVICE, Instant.now(), RevocationReason.AFFILIATION_CHANGED);
      handOver(state, OperationalCertificate.nextId(1));

      state.commit(revocation.build());

      assertThat(state.findAll(Kinds.RAW_PUBLIC_KEY, DEVICE.value())).isEmpty();
    }
  }

  private static void handOver(BlockingState state, String id) {
    state.commit(
        Change.in(DEVICE.value())
            .put(
                Kinds.RAW_PUBLIC_KEY,
                id,
                Change.ANY_VERSION,
                new OperationalRawKey(DEVICE, 1, "ab".repeat(32), Instant.now()))
            .build());
  }

  private static QueuedOperation request() {
    Instant now = Instant.now();
    return new QueuedOperation(
        "r",
        "read",
        "/3/0",
        0,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        now,
        now.plusSeconds(60),
        0);
  }
}
