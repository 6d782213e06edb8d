package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimAnswers;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims for fleets, by NDJSON. */
class FleetClaimIT {
  @TempDir Path folder;
  private RunningApi api;

  @BeforeEach
  void start() throws Exception {
    api = new RunningApi(folder);
    api.ship();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_fleet_is_claimed_line_by_line_and_a_refused_line_stops_nothing() throws Exception {
    String line =
        """
        {"code":"%s","preferredPlmns":["26201","20801"],"country":"DE","coverage":"nationwide",\
        "servicePlan":"basic","tags":["group:meters"]}
        """
            .formatted(code(0));
    String lines =
        line + "\n{\"code\":\"AAAA-BBBB-CCCC-DDDD\"}\nno json\n{\"code\":\"" + code(1) + "\"}";

    JsonNode report = claim(RunningApi.PROVIDER, lines).body();

    assertThat(report.path("accepted").asInt()).isEqualTo(2);
    assertThat(report.path("refused").findValuesAsText("line")).containsExactly("3", "4");
    assertThat(report.at("/refused/0/reason").asText())
        .isEqualTo("no device can be claimed with this code");
    Device device = device(0);
    Claim claim = device.claim().orElseThrow();
    assertThat(device.state()).isEqualTo(DeviceState.CLAIMED);
    assertThat(device.tags()).containsExactly("group:meters");
    assertThat(claim.preferredPlmns()).containsExactly("26201", "20801");
    assertThat(claim.answers()).contains(new ClaimAnswers("DE", "nationwide", "basic"));
    assertThat(device(1).owner()).contains(RunningApi.PROVIDER);
  }

  @Test
  void the_same_list_again_claims_nothing_twice_and_is_no_guess() throws Exception {
    String lines = "{\"code\":\"" + code(0) + "\"}\n";
    claim(RunningApi.PROVIDER, lines);
    long version = version(0);

    for (int i = 0; i < 12; i++) {
      assertThat(claim(RunningApi.PROVIDER, lines).body().path("accepted").asInt()).isOne();
    }
    Reply other = claim(RunningApi.OTHER_PROVIDER, lines);

    assertThat(version(0)).isEqualTo(version);
    assertThat(other.body().at("/refused/0/reason").asText())
        .isEqualTo("no device can be claimed with this code");
    assertThat(device(0).owner()).contains(RunningApi.PROVIDER);
  }

  @Test
  void the_code_of_a_released_device_claims_nothing_for_its_former_owner_either() throws Exception {
    String lines = "{\"code\":\"" + code(0) + "\"}";
    claim(RunningApi.PROVIDER, lines);

    api.as(api.token(RunningApi.PROVIDER)).delete("/claims/" + RunningApi.path(api.name(0)));

    assertThat(claim(RunningApi.PROVIDER, lines).body().path("accepted").asInt()).isZero();
    assertThat(device(0).owner()).isEmpty();
    assertThat(api.state.find(Kinds.BY_CLAIM_CODE, ClaimCode.sha256(code(0)))).isEmpty();
  }

  @Test
  void a_list_of_guesses_ends_after_ten_and_is_one_line_of_the_audit() throws Exception {
    StringBuilder guesses = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      guesses.append("{\"code\":\"AAAA-BBBB-%04d\"}\n".formatted(i));
    }
    guesses.append("{\"code\":\"" + code(0) + "\"}");

    JsonNode report = claim(RunningApi.OTHER_PROVIDER, guesses.toString()).body();
    JsonNode audit = api.as(api.token(RunningApi.OTHER_PROVIDER)).get("/audit").body();

    assertThat(report.path("accepted").asInt()).isZero();
    assertThat(report.path("refusedCount").asInt()).isEqualTo(51);
    assertThat(report.at("/refused/9/reason").asText()).startsWith("no device");
    assertThat(report.at("/refused/10/reason").asText()).startsWith("too many codes were wrong");
    assertThat(device(0).owner()).isEmpty();
    assertThat(audit.path("items").findValuesAsText("action"))
        .filteredOn("device.claim"::equals)
        .hasSize(1);
    assertThat(audit.toString()).contains("0 accepted, 51 refused").doesNotContain("AAAA");
  }

  @Test
  void what_cannot_be_a_claim_is_said_without_its_code() throws Exception {
    String code = code(0);
    for (String rest :
        List.of(
            "\"preferredPlmns\":[\"26201\",\"26201\"]",
            "\"preferredPlmns\":[\"1234\"]",
            "\"preferredPlmns\":[null]",
            "\"preferredPlmns\":\"26201\"",
            "\"country\":\"XX\",\"coverage\":\"a\",\"servicePlan\":\"b\"",
            "\"country\":\"DE\"",
            "\"coverage\":\"a\"",
            "\"tags\":[\"two words\"]",
            "\"tags\":[null]",
            "\"unknown\":1")) {
      String line = "{\"code\":\"" + code + "\"," + rest + "}";

      Reply fleet = claim(RunningApi.PROVIDER, line);
      Reply single = api.as(api.token(RunningApi.PROVIDER)).post("/claims", line);

      assertThat(fleet.body().path("refusedCount").asInt()).as(rest).isOne();
      assertThat(fleet.text()).as(rest).doesNotContain(code);
      assertThat(single.status()).as(rest).isEqualTo(400);
      assertThat(single.text()).as(rest).doesNotContain(code);
    }
    assertThat(claim(RunningApi.PROVIDER, "{}").body().path("refusedCount").asInt()).isOne();
    assertThat(claim(RunningApi.PROVIDER, "{\"code\":\"A1\"}").text()).contains("8 to 100");
    assertThat(device(0).state()).isEqualTo(DeviceState.EXPECTED);
  }

  @Test
  void a_list_for_somebody_else_is_refused_and_the_administrator_names_the_owner()
      throws Exception {
    String line = "{\"code\":\"" + code(0) + "\"}";
    String path = "/claims?tenant=" + RunningApi.PROVIDER;

    Reply rival = api.as(api.token(RunningApi.OTHER_PROVIDER)).ndjson(path, line);
    Reply nobody = api.as(api.administrator).ndjson("/claims", line);
    Reply administrator = api.as(api.administrator).ndjson(path, line);

    assertThat(rival.status()).isEqualTo(403);
    assertThat(nobody.body().path("accepted").asInt()).isZero();
    assertThat(administrator.body().path("accepted").asInt()).isOne();
    assertThat(device(0).owner()).contains(RunningApi.PROVIDER);
  }

  private Reply claim(String tenant, String lines) throws Exception {
    return api.as(api.token(tenant)).ndjson("/claims", lines);
  }

  private String code(int index) {
    return api.shipment.devices().get(index).claimCode();
  }

  private Device device(int index) {
    return api.state.find(Kinds.DEVICE, api.name(index)).orElseThrow().value();
  }

  private long version(int index) {
    return api.state.find(Kinds.DEVICE, api.name(index)).orElseThrow().version();
  }
}
