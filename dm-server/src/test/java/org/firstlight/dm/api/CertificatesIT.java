package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.tenant.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates of devices, as the API shows them and takes one back. */
class CertificatesIT {
  private static final int DEVICES = 6;

  @TempDir static Path folder;
  private static RunningApi api;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, DEVICES);
    api.ship();
    for (int i = 0; i < DEVICES; i++) {
      api.claim(i, i == 0 ? RunningApi.OTHER_PROVIDER : RunningApi.PROVIDER);
    }
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static String certificates(int device) {
    return "/devices/" + RunningApi.path(api.name(device)) + "/certificates";
  }

  private static String revocation(int device, String serialNumber) {
    return certificates(device) + "/" + serialNumber + "/revocation";
  }

  /** As a bootstrap leaves it; ends so many days from now. */
  private static void issue(int device, String id, String serialNumber, int days) {
    Instant now = api.clock.instant();
    EndpointName name = new EndpointName(api.name(device));
    OperationalCertificate one =
        new OperationalCertificate(
            name,
            1,
            serialNumber,
            serialNumber.repeat(8),
            now.plus(Duration.ofDays(days - 730L)),
            now.plus(Duration.ofDays(days)),
            Optional.empty());
    api.state.commit(
        Change.in(name.value()).put(Kinds.CERTIFICATE, id, Change.ANY_VERSION, one).build());
  }

  private static List<String> serials(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    List<String> serials = new ArrayList<>();
    for (JsonNode item : reply.body().path("items")) {
      serials.add(item.path("serialNumber").asText());
    }
    return serials;
  }

  @Test
  void a_device_shows_its_certificates_and_the_owner_revokes_one_of_them() throws Exception {
    issue(1, "1", "a1", 700);
    RunningApi.Caller owner = api.as(api.token(RunningApi.PROVIDER));
    JsonNode shown = owner.get(certificates(1)).body().path("items").path(0);
    assertThat(shown.path("state").asText()).isEqualTo("CURRENT");
    assertThat(shown.path("est").asBoolean()).isFalse();

    Reply revoked = owner.put(revocation(1, "a1"), "{\"reason\":\"KEY_COMPROMISE\"}");
    assertThat(revoked.status()).as(revoked.text()).isEqualTo(200);
    assertThat(revoked.body().path("state").asText()).isEqualTo("REVOKED");
    Reply again = owner.put(revocation(1, "a1"), "{\"reason\":\"UNSPECIFIED\"}");
    assertThat(again.body()).isEqualTo(revoked.body());
    assertThat(serials(owner.get(certificates(1)))).containsExactly("a1");

    Reply audit =
        api.as(api.administrator).get("/audit?target=" + RunningApi.path(api.name(1) + " a1"));
    assertThat(audit.text()).contains("device.revoke-certificate").contains("\"ok\"");
  }

  @Test
  void an_owner_neither_learns_of_nor_changes_what_ended_before_its_time() throws Exception {
    EndpointName name = new EndpointName(api.name(2));
    Instant before = Instant.now().minus(Duration.ofDays(400));
    RevokedCertificate ended =
        RevokedCertificate.of(
            new OperationalCertificate(
                name, 1, "ea", "ea".repeat(32), before, before.plus(Duration.ofDays(730))),
            before.plus(Duration.ofDays(1)),
            RevocationReason.AFFILIATION_CHANGED);
    api.state.commit(
        Change.in(name.value())
            .put(Kinds.REVOKED_CERTIFICATE, "ea", Change.ANY_VERSION, ended)
            .build());
    Reply reply =
        api.as(api.token(RunningApi.PROVIDER))
            .put(revocation(2, "ea"), "{\"reason\":\"KEY_COMPROMISE\"}");
    assertThat(reply.status()).as(reply.text()).isEqualTo(404);
    assertThat(api.state.find(Kinds.REVOKED_CERTIFICATE, name.value(), "ea").orElseThrow().value())
        .isEqualTo(ended);
  }

  @Test
  void what_is_not_the_callers_or_was_never_issued_or_has_no_such_reason_is_refused()
      throws Exception {
    issue(0, "1", "b0", 700);
    issue(2, "1", "b2", 700);
    RunningApi.Caller owner = api.as(api.token(RunningApi.PROVIDER));
    assertThat(owner.get(certificates(0)).status()).isEqualTo(404);
    assertThat(owner.put(revocation(0, "b0"), "{}").status()).isEqualTo(404);
    assertThat(owner.put(revocation(2, "b0"), "{}").status()).as("another's").isEqualTo(404);
    for (String unknown : List.of("ff", "B2", "zz", "%2E%2E", "%00", "1".repeat(2000))) {
      assertThat(owner.alone().put(revocation(2, unknown), "{}").status())
          .as(unknown)
          .isIn(400, 404);
    }
    for (String bad :
        List.of(
            "{\"reason\":\"SUPERSEDED\"}",
            "{\"reason\":\"CERTIFICATE_HOLD\"}",
            "{\"reason\":\"stolen\"}",
            "{\"reason\":7,\"more\":1}",
            "[]",
            "")) {
      assertThat(owner.put(revocation(2, "b2"), bad).status()).as(bad).isEqualTo(400);
    }
    RunningApi.Caller viewer =
        api.as(api.userToken(RunningApi.PROVIDER, "looks@things", Role.VIEWER));
    assertThat(viewer.put(revocation(2, "b2"), "{}").status()).isEqualTo(403);
    assertThat(serials(viewer.get(certificates(2)))).containsExactly("b2");
    assertThat(api.state.findAll(Kinds.CERTIFICATE, api.name(2))).hasSize(1);
    assertThat(api.state.findAll(Kinds.CERTIFICATE, api.name(0))).hasSize(1);
  }

  @Test
  void certificates_that_end_soon_are_found_in_their_order_page_by_page() throws Exception {
    issue(3, "1", "c3", 40);
    issue(4, "1", "c4", 20);
    issue(4, "1.next", "c44", 10);
    issue(5, "1", "c5", 30);
    RunningApi.Caller owner = api.as(api.token(RunningApi.PROVIDER));

    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      Reply page = owner.get("/certificates?limit=1" + cursor);
      found.addAll(serials(page));
      String next = page.body().path("next").asText();
      cursor = next.isEmpty() ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());

    assertThat(found).containsExactly("c4", "c5", "c3");
    Instant moment = api.clock.instant().plus(Duration.ofDays(35));
    assertThat(serials(owner.get("/certificates?endingBefore=" + moment)))
        .containsExactly("c4", "c5");
    assertThat(serials(api.as(api.token(RunningApi.OTHER_PROVIDER)).get("/certificates")))
        .isEmpty();
    assertThat(owner.get("/certificates?endingBefore=soon").status()).isEqualTo(400);
    assertThat(owner.get("/certificates?cursor=%20!").status()).isEqualTo(400);
    assertThat(api.as(api.token(RunningApi.MAKER)).get("/certificates").status()).isEqualTo(403);

    // renewed, it is not due
    issue(4, "1", "c44", 720);
    assertThat(serials(owner.get("/certificates"))).containsExactly("c5", "c3");
  }

  @Test
  void an_owner_sees_nothing_of_the_time_before() throws Exception {
    EndpointName name = new EndpointName(api.name(5));
    Instant before = api.clock.instant().minus(Duration.ofDays(300));
    RevokedCertificate old =
        new RevokedCertificate(
            name,
            1,
            "d5",
            "00",
            before,
            before.plusSeconds(99_999_999),
            Optional.of("key"),
            before,
            RevocationReason.SUPERSEDED);
    api.state.commit(Change.in(name.value()).put(Kinds.REVOKED_CERTIFICATE, "d5", 0, old).build());
    assertThat(serials(api.as(api.token(RunningApi.PROVIDER)).get(certificates(5))))
        .doesNotContain("d5");
    assertThat(serials(api.as(api.administrator).get(certificates(5)))).contains("d5");
  }

  @Test
  void with_redis_away_nothing_is_revoked_and_the_caller_hears_it() throws Exception {
    issue(2, "1", "b2", 700);
    api.redis("STOP");
    Reply away;
    try {
      away = api.as(api.administrator).put(revocation(2, "b2"), "{}");
    } finally {
      api.redis("CONT");
    }
    assertThat(away.status()).isEqualTo(503);
    assertThat(away.code()).isEqualTo("DEPENDENCY_UNAVAILABLE");
    assertThat(serials(api.as(api.administrator).get(certificates(2)))).contains("b2");
  }

  @Test
  void there_is_no_list_before_one_was_made() throws Exception {
    Reply none = api.anonymous().getRoot("/crl/operational-ca.crl");
    assertThat(none.status()).isEqualTo(503);
  }
}
