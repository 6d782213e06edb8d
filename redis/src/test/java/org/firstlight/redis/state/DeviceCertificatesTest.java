package org.firstlight.redis.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.redis.TestRedis.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Stored;
import org.firstlight.redis.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What was good before a change and is not after it is remembered; the current one is found. */
class DeviceCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private static TestRedis redis;
  private static FleetState state;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    state = redis.stores().records();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  private static OperationalCertificate certificate(String home, String serial, int days) {
    return new OperationalCertificate(
        new EndpointName(home), 1, serial, "00" + serial, NOW, NOW.plus(Duration.ofDays(days)));
  }

  private static DeviceCertificates read(String home) {
    return DeviceCertificates.of(await(state.findAll(Kinds.CERTIFICATE, home)));
  }

  private static CommitOutcome commit(String home, DeviceCertificates certificates) {
    return await(
        state.commit(
            Change.in(home).edits(certificates.edits(NOW, RevocationReason.SUPERSEDED)).build()));
  }

  private static List<String> revoked(String home) {
    return await(state.findAll(Kinds.REVOKED_CERTIFICATE, home)).stream().map(Stored::id).toList();
  }

  private static List<String> good(String home) {
    return await(state.findAll(Kinds.CERTIFICATE, home)).stream()
        .map(one -> one.id() + "=" + one.value().serialNumber())
        .toList();
  }

  @Test
  void one_that_only_moves_is_not_revoked() {
    String home = "moves";
    DeviceCertificates first = read(home);
    first.put("1", certificate(home, "a", 9));
    first.put("1.next", certificate(home, "b", 9));
    commit(home, first);
    assertThat(revoked(home)).isEmpty();

    DeviceCertificates taken = read(home);
    taken.put("1", certificate(home, "b", 9));
    taken.remove("1.next");
    commit(home, taken);

    assertThat(good(home)).containsExactly("1=b");
    assertThat(revoked(home)).containsExactly("a");
    RevokedCertificate one =
        await(state.find(Kinds.REVOKED_CERTIFICATE, home, "a")).orElseThrow().value();
    assertThat(one.reason()).isEqualTo(RevocationReason.SUPERSEDED);
  }

  @Test
  void change_is_made_only_while_they_are_as_they_were_read() {
    String home = "races";
    DeviceCertificates first = read(home);
    first.put("1", certificate(home, "a", 9));
    commit(home, first);
    DeviceCertificates revoking = read(home);
    revoking.removeAll();
    DeviceCertificates renewing = read(home);
    renewing.put("1.next", certificate(home, "b", 9));

    assertThat(commit(home, revoking)).isInstanceOf(CommitOutcome.Committed.class);
    assertThat(commit(home, renewing)).isInstanceOf(CommitOutcome.Conflict.class);

    assertThat(good(home)).isEmpty();
    // one that nobody had seen when it was removed
    DeviceCertificates late = read(home);
    late.remove("1.next");
    DeviceCertificates issued = read(home);
    issued.put("1.next", certificate(home, "c", 9));
    assertThat(commit(home, issued)).isInstanceOf(CommitOutcome.Committed.class);
    assertThat(commit(home, late)).isInstanceOf(CommitOutcome.Conflict.class);
  }

  @Test
  void held_ones_stay_good_and_are_listed() {
    String home = "held";
    DeviceCertificates first = read(home);
    first.put("1", certificate(home, "a", 9));
    commit(home, first);

    await(state.commit(Change.in(home).edits(read(home).suspension(NOW)).build()));

    assertThat(good(home)).containsExactly("1=a");
    assertThat(revoked(home)).containsExactly("a");
    assertThat(
            await(state.list(Kinds.REVOKED_CERTIFICATE, Optional.empty(), 100, one -> true))
                .items())
        .anyMatch(one -> one.value().endpointName().value().equals(home));
  }

  private static Device device(String home) {
    return new Device(
        new EndpointName(home),
        "acme",
        home,
        Optional.empty(),
        "meter",
        home,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DeviceState.REGISTERED,
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of("sorted"),
        Optional.empty());
  }

  private static List<String> byEnd(int limit) {
    Search search =
        new Search(
            Set.of(DeviceIndex.tag("sorted")),
            Optional.empty(),
            DeviceIndex.BY_CERTIFICATE_END,
            false);
    return await(state.search(Kinds.DEVICE, search, Optional.empty(), limit)).items().stream()
        .map(Stored::id)
        .toList();
  }

  @Test
  void devices_are_found_by_the_end_of_their_current_certificate_alone() {
    for (String home : List.of("x", "y", "z", "bare")) {
      await(state.commit(Change.in(home).put(Kinds.DEVICE, home, 0, device(home)).build()));
    }
    DeviceCertificates x = read("x");
    x.put("1", certificate("x", "a", 30));
    x.put("1.next", certificate("x", "b", 1));
    commit("x", x);
    DeviceCertificates y = read("y");
    y.put("1", certificate("y", "c", 20));
    commit("y", y);
    DeviceCertificates z = read("z");
    z.put("1", certificate("z", "d", 40));
    commit("z", z);

    assertThat(byEnd(10)).containsExactly("y", "x", "z");

    DeviceCertificates renewed = read("y");
    renewed.put("1", certificate("y", "e", 60));
    commit("y", renewed);
    DeviceCertificates gone = read("z");
    gone.removeAll();
    commit("z", gone);

    assertThat(byEnd(10)).containsExactly("x", "y");
    assertThat(byEnd(1)).containsExactly("x");
  }
}
