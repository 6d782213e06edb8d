package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CA vouches for devices once its manufacturer has shown that it holds the key. */
class AuthorityProofsIT {
  private static final Authority OLD = Authority.create("Acme device CA", Instant.now());
  private static final Authority NEW = Authority.create("Acme device CA 2", Instant.now());

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

  private static RunningApi.Caller administrator() {
    return api.as(api.administrator);
  }

  private static Reply put(String id, Authority... anchors) throws Exception {
    Reply there = administrator().get("/manufacturers/" + id);
    return administrator()
        .plus("If-Match", "\"%d\"".formatted(there.body().path("version").asLong()))
        .put("/manufacturers/" + id, document(id, anchors));
  }

  private static Reply create(String id, Authority... anchors) throws Exception {
    return administrator().put("/manufacturers/" + id, document(id, anchors));
  }

  private static String document(String id, Authority... anchors) throws Exception {
    return RunningApi.JSON.writeValueAsString(
        Map.of(
            "name",
            id,
            "anchors",
            Arrays.stream(anchors).map(one -> PemFiles.toPem(one.certificate())).toList(),
            "identityRule",
            "COMMON_NAME",
            "namespace",
            "urn:%s:".formatted(id)));
  }

  private static Reply prove(String id, String certificate) throws Exception {
    return administrator()
        .post(
            "/manufacturers/" + id + "/proofs",
            RunningApi.JSON.writeValueAsString(Map.of("certificate", certificate)));
  }

  private static JsonNode authority(Reply manufacturer, int number) {
    return manufacturer.body().path("authorities").path(number);
  }

  private static List<String> standings(Reply manufacturer) {
    return manufacturer.body().path("authorities").findValuesAsText("standing");
  }

  @Test
  void another_ca_is_proven_beside_the_old_one_and_a_known_one_is_not_asked_again()
      throws Exception {
    Reply made = create("rolling", OLD);
    assertThat(standings(made)).containsExactly("UNPROVEN");
    String challenge = authority(made, 0).path("challenge").asText();
    assertThat(challenge).matches("[0-9a-f]{32}");

    Reply proven = prove("rolling", OLD.proof(challenge, Instant.now()));

    assertThat(proven.status()).as(proven.text()).isEqualTo(200);
    assertThat(standings(proven)).containsExactly("PROVEN");
    assertThat(authority(proven, 0).has("challenge")).isFalse();
    assertThat(authority(proven, 0).path("subject").asText()).isEqualTo("CN=Acme device CA");
    assertThat(proven.body().path("version").asLong()).isEqualTo(2);
    assertThat(administrator().get("/audit").text()).contains("manufacturer.prove");

    Reply both = put("rolling", OLD, NEW);
    assertThat(standings(both)).containsExactly("PROVEN", "UNPROVEN");
    Reply again = put("rolling", OLD, NEW);
    assertThat(authority(again, 1).path("challenge"))
        .isEqualTo(authority(both, 1).path("challenge"));
    prove("rolling", NEW.proof(authority(again, 1).path("challenge").asText(), Instant.now()));

    Reply without = put("rolling", NEW);
    assertThat(standings(without)).containsExactly("PROVEN");
    assertThat(standings(put("rolling", OLD, NEW))).containsExactly("UNPROVEN", "PROVEN");
  }

  @Test
  void only_what_the_ca_itself_signed_for_the_challenge_is_a_proof() throws Exception {
    Authority ca = Authority.create("Globex device CA", Instant.now());
    Authority stranger = Authority.create("Globex device CA", Instant.now());
    String challenge = authority(create("globex", ca), 0).path("challenge").asText();
    String good = ca.proof(challenge, Instant.now());

    refused(prove("globex", stranger.proof(challenge, Instant.now())), "is not signed by the CA");
    refused(prove("globex", ca.proof("something else", Instant.now())), "is not the challenge");
    refused(prove("globex", PemFiles.toPem(ca.certificate())), "is not the challenge");
    refused(prove("globex", good + good), "one is wanted, not 2");
    refused(prove("globex", "nonsense"), "certificate: ");
    refused(prove("globex", ""), "certificate");
    refused(
        prove("globex", good + "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----"), "");
    refused(administrator().post("/manufacturers/globex/proofs", "{}"), "certificate");
    refused(
        administrator().post("/manufacturers/globex/proofs", "{\"certificate\":null}"),
        "certificate");
    refused(prove("globex", "x".repeat(70_000)), "larger than");
    assertThat(standings(administrator().get("/manufacturers/globex"))).containsExactly("UNPROVEN");

    assertThat(prove("globex", good).status()).isEqualTo(200);
    assertThat(prove("globex", good).status()).isEqualTo(409);
    assertThat(prove("nobody", good).status()).isEqualTo(404);
  }

  @Test
  void nobody_says_of_itself_that_it_is_proven() throws Exception {
    Authority ca = Authority.create("Hasty device CA", Instant.now());
    String hasty = document("hasty", ca);
    String standing =
        "\"authorities\":[{\"keySha256\":\"%s\",\"subject\":\"CN=x\",\"notBefore\":\"2026-01-01T00:00:00Z\","
            .formatted("0".repeat(64));
    String claimed =
        hasty.substring(0, hasty.length() - 1)
            + ","
            + standing
            + "\"notAfter\":\"2036-01-01T00:00:00Z\",\"standing\":\"PROVEN\"}]}";

    assertThat(standings(administrator().put("/manufacturers/hasty", claimed)))
        .containsExactly("UNPROVEN");
  }

  private static void refused(Reply reply, String why) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.detail()).contains(why);
  }

  @Test
  void a_manufacturer_proves_its_own_and_no_other_tenant_does() throws Exception {
    Authority ca = Authority.create("Maker device CA", Instant.now());
    Authority other = Authority.create("Other device CA", Instant.now());
    String mine = authority(create(RunningApi.MAKER, ca), 0).path("challenge").asText();
    String theirs = authority(create("other", other), 0).path("challenge").asText();
    RunningApi.Caller maker = api.as(api.token(RunningApi.MAKER));
    RunningApi.Caller provider = api.as(api.token(RunningApi.PROVIDER));

    assertThat(maker.post("/manufacturers/other/proofs", RunningApi.proof(other, theirs)).status())
        .isEqualTo(404);
    String own = "/manufacturers/" + RunningApi.MAKER + "/proofs";
    assertThat(provider.post(own, RunningApi.proof(ca, mine)).status()).isEqualTo(403);
    assertThat(maker.post(own, RunningApi.proof(ca, mine)).status()).isEqualTo(200);
  }
}
