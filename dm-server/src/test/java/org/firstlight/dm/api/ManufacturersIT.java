package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.OcspStatus;
import org.firstlight.fleet.trust.RevocationStatus;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What else a manufacturer's record says: revocation lists, and types of hardware. */
class ManufacturersIT {
  private static final Authority CA = Authority.create("Acme device CA", Instant.now());
  private static final Authority TYPED = Authority.create("Typed device CA", Instant.now());
  private static final Authority ANSWERED = Authority.create("Answered CA", Instant.now());
  private static final String URL = "http://crl.example.com/a.crl";

  @TempDir static Path folder;
  private static RunningApi api;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void each_list_is_told_with_what_it_is_good_for() throws Exception {
    String id = RunningApi.MAKER;
    Reply saved = put(id, List.of(source(URL, 6), source("https://crl.example.com/b.crl", 1)));
    assertThat(saved.status()).as(saved.text()).isEqualTo(200);
    assertThat(saved.body().path("revocationLists").findValuesAsText("url"))
        .containsExactly(URL, "https://crl.example.com/b.crl");
    assertThat(standings(id)).containsExactly("MISSING", "MISSING");

    Instant now = Instant.now();
    fetched(id, URL, now, Optional.of("it was not answered in time"));
    JsonNode first = lists(id).path(0);
    assertThat(first.path("standing").asText()).isEqualTo("FRESH");
    assertThat(first.path("fault").asText()).isEqualTo("it was not answered in time");
    assertThat(first.path("revoked").asInt()).isEqualTo(3);
    assertThat(Instant.parse(first.path("staleAt").asText()))
        .isEqualTo(now.plus(Duration.ofHours(6)));

    fetched(id, URL, now.minus(Duration.ofHours(7)), Optional.empty());
    assertThat(standings(id)).containsExactly("STALE", "MISSING");

    // a manufacturer sees its own, and nobody another's
    String path = "/manufacturers/" + id + "/revocation-lists";
    assertThat(api.as(api.token(id)).get(path).status()).isEqualTo(200);
    assertThat(api.as(api.token(RunningApi.PROVIDER)).get(path).status()).isEqualTo(403);
    assertThat(api.as(api.token(id)).get("/manufacturers/other/revocation-lists").status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://crl.example.com/a.crl | 6 | revocationLists[0].url",
        "file:///etc/passwd | 6 | revocationLists[0].url",
        "http:///a.crl | 6 | revocationLists[0].url",
        "http://user:secret@crl.example.com/a.crl | 6 | revocationLists[0].url",
        "http://crl.example.com/a.crl#x | 6 | revocationLists[0].url",
        "http://crl.example.com/a b | 6 | revocationLists[0].url",
        "crl.example.com | 6 | revocationLists[0].url",
        "http://crl.example.com/a.crl | 0 | revocationLists[0].staleAfterHours",
        "http://crl.example.com/a.crl | -1 | revocationLists[0].staleAfterHours",
        "http://crl.example.com/a.crl | 745 | revocationLists[0].staleAfterHours"
      })
  void source_that_cannot_be_fetched_is_refused(String url, int hours, String where)
      throws Exception {
    refused(put("globex", List.of(source(url, hours))), where);
  }

  @Test
  void lists_are_few_short_and_each_there_once() throws Exception {
    refused(put("globex", List.of(source(URL, 6), source(URL, 7))), "[1].url: is there twice");
    refused(
        put("globex", IntStream.range(0, 5).mapToObj(i -> source(URL + i, 6)).toList()),
        "revocationLists: at most 4");
    refused(
        put("globex", List.of(source("http://crl.example.com/" + "a".repeat(500), 6))),
        "revocationLists[0].url");
    refused(put("globex", List.of(Map.of("url", URL))), "staleAfterHours");
    refused(put("globex", List.of(Map.of("staleAfterHours", 6))), "url");
  }

  @Test
  void responder_is_of_a_ca_of_the_record_and_its_health_is_told() throws Exception {
    String ca = Certificates.keySha256(ANSWERED.certificate());
    Map<String, Object> good = responder(ca, "http://ocsp.example.com/", 60, 5);
    refused(asked(responder("00".repeat(32), URL, 60, 5)), "[0].authority");
    refused(asked(good, good), "ocspResponders[1].authority");
    refused(asked(responder(ca, "ldap://x/", 60, 5)), "ocspResponders[0].url");
    refused(asked(responder(ca, URL, 0, 5)), "staleAfterMinutes: is 1 to 10080");
    refused(asked(responder(ca, URL, 10_081, 5)), "staleAfterMinutes");
    refused(asked(responder(ca, URL, 60, 11)), "patienceSeconds: is 1 to 10");
    refused(asked(Map.of("authority", ca)), "url");

    Reply kept = asked(good);
    assertThat(kept.status()).as(kept.text()).isLessThan(300);
    assertThat(kept.body().path("ocspResponders").path(0).path("authority").asText()).isEqualTo(ca);
    assertThat(responders("answered").path("standing").asText()).isEqualTo("NOT_ASKED");

    Instant now = Instant.now();
    OcspStatus.Health failing =
        new OcspStatus.Health(
            ca,
            "http://ocsp.example.com/",
            7,
            2,
            Optional.of(now.minusSeconds(9)),
            Optional.of(now),
            Optional.of("it did not answer in time"));
    BlockingState.await(
        api.stores
            .records()
            .commit(
                Change.in("answered")
                    .put(
                        Kinds.OCSP_STATUS,
                        "answered",
                        Change.ANY_VERSION,
                        new OcspStatus("answered", List.of(failing)))
                    .build()));
    JsonNode told = responders("answered");
    assertThat(told.path("standing").asText()).isEqualTo("FAILING");
    assertThat(told.path("fault").asText()).isEqualTo("it did not answer in time");
    assertThat(told.path("answers").asInt()).isEqualTo(7);
    assertThat(told.path("failures").asInt()).isEqualTo(2);
    String path = "/manufacturers/answered/ocsp-responders";
    assertThat(api.as(api.token(RunningApi.MAKER)).get(path).status()).isEqualTo(404);
  }

  private static JsonNode responders(String id) throws Exception {
    Reply reply = api.as(api.administrator).get("/manufacturers/" + id + "/ocsp-responders");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.body().path("items").path(0);
  }

  private static Map<String, Object> responder(
      String authority, String url, int minutes, int patience) {
    return Map.of(
        "authority",
        authority,
        "url",
        url,
        "staleAfterMinutes",
        minutes,
        "patienceSeconds",
        patience,
        "admitUnanswered",
        false);
  }

  private static Reply asked(Object... responders) throws Exception {
    return api.as(api.administrator)
        .put(
            "/manufacturers/" + "answered",
            RunningApi.JSON.writeValueAsString(
                Map.of(
                    "name",
                    "Answered",
                    "anchors",
                    List.of(PemFiles.toPem(ANSWERED.certificate())),
                    "identityRule",
                    "COMMON_NAME",
                    "namespace",
                    "urn:answered:",
                    "ocspResponders",
                    List.of(responders))));
  }

  @Test
  void types_of_hardware_are_object_identifiers_for_the_rule_that_has_them() throws Exception {
    refused(typed("COMMON_NAME", "1.2.3"), "hardwareTypes: are for the rule");
    for (String odd : List.of("1", "3.2.1", "1.02", "1.2.", "1.2.x", "")) {
      refused(typed("HARDWARE_MODULE_NAME", odd), "hardwareTypes: one is no object identifier");
    }
    Reply good = typed("HARDWARE_MODULE_NAME", "1.3.6.1.4.1.32473.1");
    assertThat(good.status()).as(good.text()).isEqualTo(200);
    assertThat(good.body().path("hardwareTypes").path(0).asText()).isEqualTo("1.3.6.1.4.1.32473.1");
  }

  private static Reply typed(String rule, String type) throws Exception {
    return api.as(api.administrator)
        .put(
            "/manufacturers/typed",
            RunningApi.JSON.writeValueAsString(
                Map.of(
                    "name",
                    "Typed",
                    "anchors",
                    List.of(PemFiles.toPem(TYPED.certificate())),
                    "identityRule",
                    rule,
                    "namespace",
                    "urn:typed:",
                    "hardwareTypes",
                    List.of(type))));
  }

  private static Map<String, Object> source(String url, int hours) {
    return Map.of("url", url, "staleAfterHours", hours);
  }

  private static Reply put(String id, List<?> sources) throws Exception {
    return api.as(api.administrator)
        .put(
            "/manufacturers/" + id,
            RunningApi.JSON.writeValueAsString(
                Map.of(
                    "name",
                    id,
                    "anchors",
                    List.of(PemFiles.toPem(CA.certificate())),
                    "identityRule",
                    "COMMON_NAME",
                    "namespace",
                    "urn:%s:".formatted(id),
                    "revocationLists",
                    sources)));
  }

  private static void refused(Reply reply, String why) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.detail()).contains(why);
  }

  private static JsonNode lists(String id) throws Exception {
    Reply reply = api.as(api.administrator).get("/manufacturers/" + id + "/revocation-lists");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.body().path("items");
  }

  private static List<String> standings(String id) throws Exception {
    return lists(id).findValuesAsText("standing");
  }

  /** As the bootstrap server stores it. */
  private static void fetched(String maker, String url, Instant at, Optional<String> fault) {
    RevocationStatus status =
        new RevocationStatus(
            maker,
            url,
            at,
            fault,
            Optional.of(
                new RevocationStatus.Held("CN=Acme device CA", "00", at, at, Optional.empty(), 3)));
    BlockingState.await(
        api.stores
            .records()
            .commit(
                Change.in(status.id())
                    .put(Kinds.REVOCATION_STATUS, status.id(), Change.ANY_VERSION, status)
                    .build()));
  }
}
