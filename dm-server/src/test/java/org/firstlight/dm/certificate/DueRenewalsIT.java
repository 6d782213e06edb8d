package org.firstlight.dm.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose certificate is to be renewed because it is time. */
class DueRenewalsIT {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final Hurried timer = new Hurried();
  private EmbeddedRedis redis;
  private RedisStores opened;
  private Stores stores;
  private BlockingState state;

  /** Does at once what is to be done later, and remembers how much later. */
  private static final class Hurried extends ScheduledThreadPoolExecutor {
    private final List<Duration> delays = new CopyOnWriteArrayList<>();

    Hurried() {
      super(1);
    }

    @Override
    public <T> ScheduledFuture<T> schedule(Callable<T> work, long delay, TimeUnit unit) {
      delays.add(Duration.of(delay, unit.toChronoUnit()));
      return super.schedule(work, 0, unit);
    }
  }

  @BeforeEach
  void start() {
    redis = EmbeddedRedis.start(directory, Durability.EVERYSEC);
    opened = RedisStores.open(redis.settings(), Clock.systemUTC());
    stores = opened.stores();
    state = new BlockingState(stores.records());
  }

  @AfterEach
  void stop() {
    timer.shutdownNow();
    opened.close();
    redis.close();
  }

  private DueRenewals at(Instant now, String node) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new DueRenewals(
        stores.records(),
        stores.leases(),
        new RenewalWishes(stores.records(), clock),
        timer,
        clock,
        node);
  }

  /** A device whose certificate ends so many days from now, of 300. */
  private void keep(String id, int days, boolean est) {
    EndpointName name = new EndpointName("urn:dev:ops:" + id);
    Device device =
        new Device(
            name,
            "acme",
            id,
            Optional.empty(),
            "meter",
            id,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            DeviceState.REGISTERED,
            NOW,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty());
    OperationalCertificate certificate =
        new OperationalCertificate(
            name,
            1,
            "c" + id,
            "00",
            NOW.plus(Duration.ofDays(days - 300L)),
            NOW.plus(Duration.ofDays(days)),
            Optional.of("key").filter(made -> est));
    state.commit(
        Change.in(name.value())
            .put(Kinds.DEVICE, name.value(), 0, device)
            .put(Kinds.CERTIFICATE, "1", 0, certificate)
            .build());
  }

  private Set<String> wished(Set<String> ids) {
    Set<String> wished = new TreeSet<>();
    for (String id : ids) {
      state
          .find(Kinds.RENEWAL, "urn:dev:ops:" + id)
          .map(Stored::value)
          .map(RenewalWish::serialNumber)
          .ifPresent(wished::add);
    }
    return wished;
  }

  @Test
  void a_third_before_the_end_or_a_sixth_where_the_device_renews_by_itself() {
    keep("late", -3, false);
    keep("due", 99, false);
    keep("fresh", 101, false);
    keep("estdue", 49, true);
    keep("estfresh", 51, true);

    BlockingState.await(at(NOW, "one").page());

    Set<String> all = Set.of("late", "due", "fresh", "estdue", "estfresh");
    await().atMost(PATIENCE).until(() -> wished(all).size() == 3);
    assertThat(wished(all)).containsExactly("cdue", "cestdue", "clate");
    BlockingState.await(at(NOW.plus(Duration.ofHours(1)), "two").page());
    assertThat(wished(all)).as("another node has the lease").hasSize(3);
  }

  @Test
  void one_that_was_told_is_told_again_after_a_day_and_not_before() {
    keep("a", 10, false);
    String home = "urn:dev:ops:a";
    RenewalWish told = new RenewalWish(new EndpointName(home), 1, "ca", NOW, Optional.of(NOW));
    state.commit(Change.in(home).put(Kinds.RENEWAL, home, 0, told).build());

    BlockingState.await(at(NOW.plus(Duration.ofHours(23)), "one").page());
    assertThat(state.find(Kinds.RENEWAL, home).orElseThrow().value()).isEqualTo(told);

    BlockingState.await(at(NOW.plus(Duration.ofHours(25)), "one").page());
    await()
        .atMost(PATIENCE)
        .until(() -> state.find(Kinds.RENEWAL, home).orElseThrow().value().toldAt().isEmpty());
  }

  @Test
  void every_page_is_reached_and_then_the_first_again() {
    for (int i = 0; i < 250; i++) {
      keep("p" + i, i / 10, false);
    }
    DueRenewals due = at(NOW, "one");
    for (int i = 0; i < 9; i++) {
      BlockingState.await(due.page());
    }
    await().atMost(PATIENCE).until(() -> renewals() == 250);
    assertThat(timer.delays)
        .as("spread over the minute until the next page")
        .allMatch(delay -> delay.compareTo(Duration.ofMinutes(1)) < 0)
        .anyMatch(delay -> delay.compareTo(Duration.ofSeconds(20)) < 0)
        .anyMatch(delay -> delay.compareTo(Duration.ofSeconds(40)) > 0);
  }

  private long renewals() {
    long count = 0;
    for (int i = 0; i < 250; i++) {
      count += wished(Set.of("p" + i)).size();
    }
    return count;
  }
}
