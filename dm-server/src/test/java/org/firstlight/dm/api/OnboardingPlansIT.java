package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Onboarding plans: what is checked, what comes back, what is kept from everybody. */
class OnboardingPlansIT {
  private static final String SECRET = "c0ffee00c0ffee00";

  @TempDir static Path folder;
  private static RunningApi api;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder);
    api.ship();
    api.claim(0, RunningApi.PROVIDER);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static RunningApi.Caller administrator() {
    return api.as(api.administrator);
  }

  @Test
  void a_plan_with_a_value_out_of_range_is_refused_with_path_and_rule() throws Exception {
    Map<String, String> faults =
        Map.of(
            "{\"account\":{},\"cellular\":{\"1\":\"65536\"}}", "/10/0/1",
            "{\"account\":{},\"apns\":{\"0\":{\"1\":\"iot\"}}}", "/11/0/0",
            "{\"account\":{},\"cellular\":{\"4\":\"soon\"}}", "/10/0/4",
            "{\"account\":{\"securityInstanceId\":0}}", "/0/0 belongs",
            "{\"account\":{\"uri\":\"http://x\"}}", "account.uri",
            "{\"account\":{\"lifetime\":0}}", "account.lifetime",
            "{\"account\":{},\"credential\":\"none\"}", "credential",
            "{\"account\":{},\"plmn\":{\"plmns\":[\"1\"],\"exclusive\":false}}", "PLMN",
            "{\"account\":{\"shortServerID\":1}}", "shortServerID");
    for (var fault : faults.entrySet()) {
      Reply reply = administrator().put("/onboarding-plans/wrong", fault.getKey());
      assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
      assertThat(reply.detail()).contains(fault.getValue());
    }
  }

  @Test
  void a_plan_comes_back_as_it_was_written() throws Exception {
    String plan =
        """
        {"priority":10,"models":["FL-1"],"account":{"lifetime":300,"binding":"UQ"},
         "credential":"psk","subscription":"push","plmn":{"plmns":["26201"],"exclusive":true},
         "apns":{"0":{"0":"default","1":"iot.example","4":"3"}},"cellular":{"4":"60"},
         "optional":[10],"timing":{"blockSize":512}}""";
    RunningApi.Caller operator = api.as(api.token(RunningApi.OPERATOR));

    Reply saved = operator.put("/onboarding-plans/north", plan);
    Reply read = operator.get("/onboarding-plans/north");

    assertThat(saved.status()).as(saved.toString()).isEqualTo(200);
    assertThat(read.body().path("tenant").asText()).isEqualTo(RunningApi.OPERATOR);
    assertThat(read.body().at("/apns/0/1").asText()).isEqualTo("iot.example");
    assertThat(read.body().at("/account/lifetime").asInt()).isEqualTo(300);
    assertThat(read.body().at("/timing/blockSize").asInt()).isEqualTo(512);
    Reply foreign =
        operator.put("/onboarding-plans/theirs", "{\"tenant\":\"platform\",\"account\":{}}");
    assertThat(foreign.status()).isEqualTo(403);
  }

  private static String apnPlan(String apn) {
    return "{\"account\":{},\"apns\":{\"0\":{\"0\":\"one\",\"1\":\"iot\",\"4\":\"3\",%s}}}"
        .formatted(apn);
  }

  @Test
  void a_plans_apn_secrets_are_stored_encrypted_masked_and_kept_by_their_mask() throws Exception {
    RunningApi.Caller operator = api.as(api.token(RunningApi.OPERATOR));

    Reply saved = operator.put("/onboarding-plans/apn", apnPlan("\"6\":\"" + SECRET + "\""));
    OnboardingPlan first = api.state.find(Kinds.PLAN, "apn").orElseThrow().value();
    Reply kept =
        operator
            .plus("If-Match", "\"1\"")
            .put("/onboarding-plans/apn", apnPlan("\"6\":{\"secret\":true}"));
    OnboardingPlan second = api.state.find(Kinds.PLAN, "apn").orElseThrow().value();

    assertThat(saved.status()).as(saved.toString()).isEqualTo(200);
    assertThat(saved.body().at("/apns/0/6/secret").asBoolean()).isTrue();
    assertThat(saved.body().toString()).doesNotContain(SECRET);
    assertThat(kept.status()).as(kept.toString()).isEqualTo(200);
    assertThat(operator.get("/onboarding-plans/apn").body().at("/apns/0/6/secret").asBoolean())
        .isTrue();
    assertThat(first.apns().get(0)).doesNotContainKey(6);
    assertThat(first.secret("/11/0/6")).isPresent().isEqualTo(second.secret("/11/0/6"));
  }

  @Test
  void a_mask_where_no_apn_secret_is_kept_is_refused() throws Exception {
    for (String apn : List.of("\"5\":{\"secret\":true}", "\"9\":{\"secret\":true}")) {
      Reply reply = administrator().put("/onboarding-plans/nothing", apnPlan(apn));
      assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
      assertThat(reply.detail()).contains("/11/0/" + apn.charAt(1));
    }
  }

  @Test
  void a_plan_of_an_earlier_release_is_masked_and_encrypted_when_saved() throws Exception {
    administrator().put("/onboarding-plans/old", apnPlan("\"2\":\"true\""));
    OnboardingPlan now = api.state.find(Kinds.PLAN, "old").orElseThrow().value();
    Map<Integer, String> clear = Map.of(0, "one", 1, "iot", 4, "3", 5, SECRET);
    api.state.commit(
        Change.in("old")
            .put(Kinds.PLAN, "old", 1, now.withApns(Map.of(0, clear), Map.of()))
            .build());

    Reply read = administrator().get("/onboarding-plans/old");
    Reply saved =
        administrator()
            .plus("If-Match", "\"2\"")
            .put("/onboarding-plans/old", apnPlan("\"5\":{\"secret\":true}"));
    OnboardingPlan after = api.state.find(Kinds.PLAN, "old").orElseThrow().value();

    assertThat(read.body().at("/apns/0/5/secret").asBoolean()).as(read.toString()).isTrue();
    assertThat(read.body().toString()).doesNotContain(SECRET);
    assertThat(saved.status()).as(saved.toString()).isEqualTo(200);
    assertThat(after.apns().get(0)).doesNotContainKey(5);
    assertThat(after.secret("/11/0/5")).isPresent();
  }
}
