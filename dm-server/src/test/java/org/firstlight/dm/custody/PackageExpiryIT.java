package org.firstlight.dm.custody;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of packages when their time is over. */
class PackageExpiryIT {
  private static final Instant NOT_AFTER = Instant.parse("2026-03-01T00:00:00Z");
  private static final Eid EID = new Eid("89049032123451234512345678901235");

  @TempDir private Path directory;
  private EmbeddedRedis redis;
  private RedisStores opened;
  private Stores stores;
  private BlockingState state;

  @BeforeEach
  void start() {
    redis = EmbeddedRedis.start(directory, Durability.EVERYSEC);
    opened = RedisStores.open(redis.settings(), Clock.systemUTC());
    stores = opened.stores();
    state = new BlockingState(stores.records());
  }

  @AfterEach
  void stop() {
    opened.close();
    redis.close();
  }

  @Test
  void package_that_was_never_delivered_expires_and_loses_its_bytes() {
    keep("a1", SubscriptionState.ASSIGNED);

    goRound(NOT_AFTER.plus(Duration.ofMinutes(1)));
    assertThat(find("a1").state()).isEqualTo(SubscriptionState.ASSIGNED);
    assertThat(find("a1").sealed()).isPresent();

    goRound(NOT_AFTER.plus(Duration.ofHours(2)));
    goRound(NOT_AFTER.plus(Duration.ofHours(3)));
    assertThat(find("a1").state()).isEqualTo(SubscriptionState.EXPIRED);
    assertThat(find("a1").sealed()).isEmpty();
    assertThat(expiredPackages()).containsExactly("a1");
  }

  @Test
  void package_that_was_delivered_in_time_loses_its_bytes_and_may_still_get_its_receipt() {
    keep("b1", SubscriptionState.INSTALL_PENDING);
    keep("b2", SubscriptionState.FAILED);

    goRound(NOT_AFTER.plus(Duration.ofHours(2)));

    assertThat(find("b1").sealed()).isEmpty();
    assertThat(find("b1").state()).isEqualTo(SubscriptionState.INSTALL_PENDING);
    assertThat(find("b2").sealed()).isEmpty();
    assertThat(find("b2").state()).isEqualTo(SubscriptionState.FAILED);
    assertThat(expiredPackages()).isEmpty();
  }

  @Test
  void every_page_is_reached() {
    for (int i = 0; i < 1_100; i++) {
      keep("c" + i, SubscriptionState.ASSIGNED);
    }
    PackageExpiry expiry = expiry(NOT_AFTER.plus(Duration.ofHours(2)), "one");

    // a page may end early, but three times as many pages as there are must do
    for (int i = 0; i < 9; i++) {
      BlockingState.await(expiry.page());
    }

    assertThat(state.listAll(Kinds.SUBSCRIPTION, one -> one.sealed().isPresent())).isEmpty();
  }

  @Test
  void node_without_the_lease_does_nothing() {
    keep("d1", SubscriptionState.ASSIGNED);
    goRound(NOT_AFTER.minus(Duration.ofHours(1)));

    BlockingState.await(expiry(NOT_AFTER.plus(Duration.ofHours(2)), "another").page());

    assertThat(find("d1").sealed()).isPresent();
  }

  private void goRound(Instant now) {
    BlockingState.await(expiry(now, "one").page());
  }

  private PackageExpiry expiry(Instant now, String node) {
    return new PackageExpiry(
        stores.records(), stores.leases(), Clock.fixed(now, ZoneOffset.UTC), node);
  }

  private static EndpointName holder(String id) {
    return new EndpointName("urn:dev:ops:" + id);
  }

  private void keep(String id, SubscriptionState at) {
    SealedSubscription subscription =
        new SealedSubscription(
            id,
            "operator",
            "operator",
            EID,
            holder(id),
            1,
            NOT_AFTER.minus(Duration.ofDays(1)),
            NOT_AFTER,
            "00",
            Optional.of("c2VhbGVk"),
            at,
            NOT_AFTER.minus(Duration.ofDays(1)),
            "its eUICC is in this device",
            Optional.empty(),
            Optional.empty());
    state.commit(
        Change.in(holder(id).value()).put(Kinds.SUBSCRIPTION, id, 0, subscription).build());
  }

  private SealedSubscription find(String id) {
    return state.find(Kinds.SUBSCRIPTION, holder(id).value(), id).map(Stored::value).orElseThrow();
  }

  private List<String> expiredPackages() {
    return BlockingState.await(stores.events().newest(100)).stream()
        .map(EventStream.Entry::event)
        .filter(event -> event.type().equals("subscription.expired"))
        .map(event -> event.details().getOrDefault("package", ""))
        .toList();
  }
}
