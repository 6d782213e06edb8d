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
        Map.ofEntries(
            Map.entry("{\"account\":{},\"cellular\":{\"1\":\"65536\"}}", "/10/0/1"),
            Map.entry("{\"account\":{},\"apns\":{\"0\":{\"1\":\"iot\"}}}", "/11/0/0"),
            Map.entry("{\"account\":{},\"cellular\":{\"4\":\"soon\"}}", "/10/0/4"),
            Map.entry("{\"account\":{\"securityInstanceId\":0}}", "/0/0 belongs"),
            Map.entry("{\"account\":{\"uri\":\"http://x\"}}", "account.uri"),
            Map.entry("{\"account\":{\"lifetime\":0}}", "account.lifetime"),
            Map.entry("{\"account\":{\"certificateUsage\":4}}", "account.certificateUsage"),
            Map.entry("{\"account\":{\"certificateUsage\":-1}}", "account.certificateUsage"),
            Map.entry("{\"account\":{\"certificateUsage\":\"two\"}}", "certificateUsage"),
            Map.entry("{\"account\":{},\"credential\":\"none\"}", "credential"),
            Map.entry("{\"account\":{},\"credential\":\"certified-factory-key\"}", "models"),
            Map.entry("{\"account\":{},\"plmn\":{\"plmns\":[\"1\"],\"exclusive\":false}}", "PLMN"),
            Map.entry("{\"account\":{\"shortServerID\":1}}", "shortServerID"));
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

  @Test
  void a_plan_says_which_credential_and_how_the_server_is_trusted() throws Exception {
    for (String credential : List.of("est", "rpk", "certified-factory-key")) {
      Reply saved =
          administrator()
              .put(
                  "/onboarding-plans/with-" + credential,
                  "{\"models\":[\"FL-1\"],\"credential\":\"%s\",\"account\":{\"certificateUsage\":3}}"
                      .formatted(credential));
      assertThat(saved.status()).as(saved.toString()).isEqualTo(200);
      assertThat(saved.body().path("credential").asText()).isEqualTo(credential);
      assertThat(saved.body().at("/account/certificateUsage").asInt()).isEqualTo(3);
    }
    Reply usual = administrator().put("/onboarding-plans/usual", "{\"account\":{}}");
    assertThat(usual.body().at("/account/certificateUsage").asInt()).isEqualTo(2);
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

  @Test
  void each_saving_is_a_version_that_can_be_shown_compared_and_saved_again() throws Exception {
    RunningApi.Caller operator = api.as(api.token(RunningApi.OPERATOR));
    operator.put("/onboarding-plans/kept", apnPlan("\"6\":\"" + SECRET + "\""));
    Reply second =
        operator
            .plus("If-Match", "\"1\"")
            .put(
                "/onboarding-plans/kept",
                """
                {"account":{"lifetime":300},"countries":["FR","DE"],"comment":"shorter",
                 "apns":{"0":{"0":"one","1":"iot2","4":"3"}}}""");
    assertThat(second.status()).as(second.toString()).isEqualTo(200);
    assertThat(second.body().path("countries").toString()).isEqualTo("[\"DE\",\"FR\"]");

    Reply versions = operator.get("/onboarding-plans/kept/versions");
    assertThat(versions.body().at("/items/0/version").asInt()).isEqualTo(2);
    assertThat(versions.body().at("/items/0/comment").asText()).isEqualTo("shorter");
    assertThat(versions.body().at("/items/0/savedBy").asText()).isNotBlank();
    assertThat(versions.body().at("/items/1/version").asInt()).isEqualTo(1);
    Reply first = operator.get("/onboarding-plans/kept/versions/1");
    assertThat(first.body().at("/apns/0/1").asText()).isEqualTo("iot");
    assertThat(first.body().at("/apns/0/6/secret").asBoolean()).isTrue();

    Reply compared = operator.get("/onboarding-plans/kept/comparison");
    assertThat(compared.body().path("differences").toString())
        .isEqualTo(
            "[{\"path\":\"account.lifetime\",\"before\":\"86400\",\"after\":\"300\"},"
                + "{\"path\":\"apns.0.1\",\"before\":\"iot\",\"after\":\"iot2\"},"
                + "{\"path\":\"apns.0.6\",\"before\":\"a secret\"},"
                + "{\"path\":\"countries\",\"after\":\"DE, FR\"}]");

    Reply stale =
        operator
            .plus("If-Match", "\"1\"")
            .post("/onboarding-plans/kept/versions/1/restoration", "");
    assertThat(stale.status()).isEqualTo(412);
    Reply restored =
        operator
            .plus("If-Match", "\"2\"")
            .post("/onboarding-plans/kept/versions/1/restoration", "");
    assertThat(restored.status()).as(restored.toString()).isEqualTo(200);
    assertThat(restored.body().path("version").asInt()).isEqualTo(3);
    assertThat(api.state.find(Kinds.PLAN, "kept").orElseThrow().value().secret("/11/0/6"))
        .isPresent();
    assertThat(
            operator
                .get("/onboarding-plans/kept/comparison?from=1&to=3")
                .body()
                .path("differences"))
        .isEmpty();
    assertThat(
            api.as(api.token(RunningApi.OPERATOR))
                .get("/onboarding-plans/kept/versions/9")
                .status())
        .isEqualTo(404);
    assertThat(operator.get("/onboarding-plans/kept/comparison?from=no").status()).isEqualTo(400);

    operator.delete("/onboarding-plans/kept");
    assertThat(api.state.findAll(Kinds.PLAN_REVISION, "kept")).isEmpty();
  }

  @Test
  void secret_that_was_written_anew_is_told_as_changed_and_one_that_was_kept_is_not()
      throws Exception {
    RunningApi.Caller admin = administrator();
    admin.put("/onboarding-plans/hidden", apnPlan("\"6\":\"" + SECRET + "\""));
    admin
        .plus("If-Match", "\"1\"")
        .put("/onboarding-plans/hidden", apnPlan("\"6\":{\"secret\":true}"));
    admin.plus("If-Match", "\"2\"").put("/onboarding-plans/hidden", apnPlan("\"6\":\"other\""));

    assertThat(differences("hidden", 1, 2)).isEqualTo("[]");
    assertThat(differences("hidden", 2, 3))
        .isEqualTo("[{\"path\":\"apns.0.6\",\"before\":\"a secret\",\"after\":\"a secret\"}]");
  }

  private static String differences(String plan, int from, int to) throws Exception {
    return administrator()
        .get("/onboarding-plans/%s/comparison?from=%d&to=%d".formatted(plan, from, to))
        .body()
        .path("differences")
        .toString();
  }

  @Test
  void version_that_an_earlier_release_saved_is_kept_when_it_is_replaced() throws Exception {
    administrator().put("/onboarding-plans/aged", "{\"account\":{\"lifetime\":60}}");
    OnboardingPlan saved = api.state.find(Kinds.PLAN, "aged").orElseThrow().value();
    OnboardingPlan unversioned = saved.withApns(Map.of(), Map.of());
    api.state.commit(
        Change.in("aged")
            .put(Kinds.PLAN, "aged", 1, unversioned)
            .delete(Kinds.PLAN_REVISION, "0000000001", Change.ANY_VERSION)
            .build());

    administrator()
        .plus("If-Match", "\"2\"")
        .put("/onboarding-plans/aged", "{\"account\":{\"lifetime\":90}}");

    assertThat(differences("aged", 2, 3)).contains("account.lifetime", "60", "90");
  }

  @Test
  void dry_run_tells_what_a_device_would_be_written_and_why() throws Exception {
    administrator()
        .put(
            "/onboarding-plans/dry",
            """
            {"priority":900,"models":["FL-1"],"subscription":"none",
             "account":{"lifetime":300},"plmn":{"plmns":["26201"],"exclusive":false},
             "apns":{"0":{"0":"one","1":"iot","4":"3","6":"%s"}}}"""
                .formatted(SECRET));
    String device = "\"endpointName\":\"%s\"".formatted(api.name(0));

    Reply run = administrator().post("/onboarding-plan-trials", "{%s}".formatted(device));

    assertThat(run.status()).as(run.toString()).isEqualTo(200);
    assertThat(run.body().at("/plan/id").asText()).isEqualTo("dry");
    assertThat(run.body().at("/plan/version").asInt()).isEqualTo(1);
    assertThat(run.body().path("waiting").isMissingNode()).isTrue();
    assertThat(run.body().path("faults")).isEmpty();
    assertThat(run.body().path("deletes").toString()).startsWith("[\"/0\",\"/1\",\"/2\"");
    assertThat(run.body().path("writes").findValuesAsText("path"))
        .contains("/0/1", "/1/0", "/13/0", "/13/0/6", "/11/0");
    assertThat(run.text()).doesNotContain(SECRET).contains("a secret", "the owner's choices");
    assertThat(run.body().path("candidates").findValues("chosen").get(0).asBoolean()).isTrue();

    Reply draft =
        administrator()
            .post(
                "/onboarding-plan-trials",
                """
                {%s,"planId":"dry","plan":{"priority":900,"countries":["FR"],
                 "subscription":"none","account":{"lifetime":600}}}"""
                    .formatted(device));
    assertThat(draft.body().at("/plan/id").asText()).isNotEqualTo("dry");
    assertThat(draft.text()).contains("countries: nobody has said yet");
    Reply assumed =
        administrator()
            .post(
                "/onboarding-plan-trials",
                """
                {%s,"planId":"dry","assume":{"country":"FR","preferredPlmns":["20801"]},
                 "plan":{"priority":900,"countries":["FR"],"subscription":"none",
                         "account":{"lifetime":600}}}"""
                    .formatted(device));
    assertThat(assumed.body().at("/plan/id").asText()).isEqualTo("dry");
    assertThat(assumed.body().at("/plan/version").isMissingNode()).isTrue();
    assertThat(assumed.text()).contains("\"600\"", "20801");

    Reply bad =
        administrator()
            .post(
                "/onboarding-plan-trials",
                "{%s,\"plan\":{\"account\":{\"lifetime\":0}}}".formatted(device));
    assertThat(bad.status()).isEqualTo(400);
    assertThat(bad.detail()).contains("account.lifetime");
    assertThat(
            api.as(api.token(RunningApi.OPERATOR))
                .post("/onboarding-plan-trials", "{%s}".formatted(device))
                .status())
        .isEqualTo(404);
    administrator().delete("/onboarding-plans/dry");
  }

  @Test
  void dry_run_says_who_waits_for_what() throws Exception {
    Reply unclaimed =
        administrator()
            .post("/onboarding-plan-trials", "{\"endpointName\":\"%s\"}".formatted(api.name(1)));

    assertThat(unclaimed.body().path("waiting").asText()).isEqualTo("waiting for its owner");
  }
}
