package org.firstlight.dm.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.firstlight.dm.TestClock;
import org.firstlight.fleet.credential.PublishedRevocationList;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.Pki;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CRL as nodes make it, one after the other and at the same moment. */
class RevocationListIssuingIT {
  private static final String ID = PublishedRevocationList.ID;

  @TempDir private Path directory;
  private final TestClock time = new TestClock();
  private EmbeddedRedis redis;
  private RedisStores opened;
  private Stores stores;
  private BlockingState state;
  private Pki pki;

  @BeforeEach
  void start() throws Exception {
    redis = EmbeddedRedis.start(directory.resolve("redis"), Durability.EVERYSEC);
    opened = RedisStores.open(redis.settings(), Clock.systemUTC());
    stores = opened.stores();
    state = new BlockingState(stores.records());
    FirstlightConfig config = ConfigFile.parse("dataDirectory: .", directory);
    pki = Pki.open(directory, config, time);
  }

  @AfterEach
  void stop() {
    opened.close();
    redis.close();
  }

  private RevocationListIssuing node(String name) {
    return new RevocationListIssuing(
        stores.records(), stores.leases(), pki.operationalCa(), Runnable::run, time, name);
  }

  private void revoked(String serial, Instant end) {
    String home = "urn:dev:ops:" + serial;
    RevokedCertificate one =
        new RevokedCertificate(
            new EndpointName(home),
            1,
            serial,
            "00",
            end.minus(Duration.ofDays(10)),
            end,
            Optional.of("key"),
            time.instant(),
            RevocationReason.KEY_COMPROMISE);
    state.commit(Change.in(home).put(Kinds.REVOKED_CERTIFICATE, serial, 0, one).build());
  }

  private PublishedRevocationList newest() {
    return state.find(Kinds.PUBLISHED_LIST, ID).map(Stored::value).orElseThrow();
  }

  private X509CRL published() throws Exception {
    RevocationListView view = new RevocationListView(stores.records());
    BlockingState.await(view.refresh());
    return (X509CRL)
        CertificateFactory.getInstance("X.509")
            .generateCRL(new ByteArrayInputStream(view.current().orElseThrow().der()));
  }

  private boolean names(String serial) throws Exception {
    return published().getRevokedCertificate(new BigInteger(serial, 16)) != null;
  }

  @Test
  void two_nodes_at_one_moment_make_lists_whose_numbers_only_grow() throws Exception {
    RevocationListIssuing one = node("one");
    RevocationListIssuing two = node("two");
    List<Long> numbers = new ArrayList<>(List.of(0L));
    for (int i = 0; i < 20; i++) {
      revoked("a%02x".formatted(i), time.instant().plus(Duration.ofDays(9)));
      time.forward(Duration.ofMillis(100));
      one.want();
      two.want();
      // within one second: the time alone would give both the same number
      CompletableFuture.allOf(one.look().toCompletableFuture(), two.look().toCompletableFuture())
          .join();
      time.forward(Duration.ofMillis(100));
      BlockingState.await(one.look());
      assertThat(newest().number()).isGreaterThan(numbers.get(i));
      numbers.add(newest().number());
      assertThat(names("a%02x".formatted(i))).isTrue();
    }
    assertThat(newest().entries()).isEqualTo(20);
  }

  @Test
  void number_grows_though_the_clock_or_the_state_went_back() {
    BlockingState.await(node("one").look());
    PublishedRevocationList first = newest();
    time.forward(Duration.ofDays(-30));
    RevocationListIssuing behind = node("one");
    behind.want();
    BlockingState.await(behind.look());
    assertThat(newest().number()).isGreaterThan(first.number());

    // an old backup, or none
    time.forward(Duration.ofDays(31));
    state.commit(Change.in(ID).delete(Kinds.PUBLISHED_LIST, ID, Change.ANY_VERSION).build());
    BlockingState.await(node("one").look());
    assertThat(newest().number()).isGreaterThan(first.number());
  }

  @Test
  void list_is_made_anew_in_time_and_only_where_something_is_to_tell() {
    RevocationListIssuing one = node("one");
    time.forward(Duration.ofSeconds(1));
    BlockingState.await(one.look());
    long number = newest().number();
    time.forward(Duration.ofMinutes(30));
    BlockingState.await(one.look());
    assertThat(newest().number()).isEqualTo(number);
    time.forward(Duration.ofMinutes(31));
    BlockingState.await(one.look());
    assertThat(newest().number()).isGreaterThan(number);
    assertThat(newest().nextUpdate()).isAfter(time.instant().plus(Duration.ofHours(20)));
  }

  @Test
  void certificate_that_has_ended_is_named_once_more_and_then_forgotten() throws Exception {
    RevocationListIssuing one = node("one");
    revoked("b1", time.instant().plus(Duration.ofMinutes(90)));
    revoked("b2", time.instant().plus(Duration.ofDays(90)));
    for (int hour = 0; hour < 3; hour++) {
      time.forward(Duration.ofMinutes(61));
      BlockingState.await(one.look());
      assertThat(names("b1")).isTrue();
    }
    for (int hour = 0; hour < 2; hour++) {
      time.forward(Duration.ofMinutes(61));
      BlockingState.await(one.look());
    }
    assertThat(names("b1")).isFalse();
    assertThat(names("b2")).isTrue();
    assertThat(state.findAll(Kinds.REVOKED_CERTIFICATE, "urn:dev:ops:b1")).isEmpty();
  }

  @Test
  void nothing_is_shown_that_is_not_the_list_that_is_told_of() {
    BlockingState.await(node("one").look());
    RevocationListView view = new RevocationListView(stores.records());
    PublishedRevocationList list = newest();
    state.commit(
        Change.in(ID)
            .put(
                Kinds.PUBLISHED_LIST,
                ID,
                Change.ANY_VERSION,
                new PublishedRevocationList(
                    list.number() + 1, list.thisUpdate(), list.nextUpdate(), 0, "ff"))
            .build());
    BlockingState.await(view.refresh());
    assertThat(view.current()).isEqualTo(Optional.empty());
  }
}
