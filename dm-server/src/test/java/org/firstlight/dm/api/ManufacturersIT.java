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
import org.firstlight.fleet.trust.RevocationStatus;
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
