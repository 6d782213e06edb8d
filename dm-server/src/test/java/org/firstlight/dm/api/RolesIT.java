package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.dm.api.RunningApi.Reply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each role reaches, and what does not exist for it. */
class RolesIT {
  @TempDir static Path folder;
  private static RunningApi api;
  private static String device;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder);
    api.ship();
    api.claim(0, RunningApi.PROVIDER);
    device = "/devices/" + RunningApi.path(api.name(0));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static int status(String tenant, String path) throws Exception {
    return api.as(api.token(tenant)).get(path).status();
  }

  private static List<String> seen(String tenant) throws Exception {
    List<String> names = new ArrayList<>();
    for (JsonNode item : api.as(api.token(tenant)).get("/devices").body().path("items")) {
      names.add(item.path("endpointName").asText());
    }
    return names;
  }

  @Test
  void a_service_provider_sees_the_devices_that_it_has_claimed_and_no_other() throws Exception {
    assertThat(seen(RunningApi.PROVIDER)).containsExactly(api.name(0));
    assertThat(seen(RunningApi.OTHER_PROVIDER)).isEmpty();
    assertThat(seen(RunningApi.MAKER)).hasSize(3);
    assertThat(seen(RunningApi.OPERATOR)).isEmpty();
  }

  @Test
  void a_foreign_tenants_device_does_not_exist() throws Exception {
    for (String view :
        List.of("", "/journey", "/sessions", "/registrations", "/resources", "/configuration")) {
      Reply foreign = api.as(api.token(RunningApi.OTHER_PROVIDER)).get(device + view);
      Reply missing = api.as(api.token(RunningApi.OTHER_PROVIDER)).get("/devices/no-such" + view);
      assertThat(foreign.status()).as(view).isEqualTo(404);
      assertThat(foreign.text()).isEqualTo(missing.text());
      assertThat(status(RunningApi.PROVIDER, device + view)).as(view).isEqualTo(200);
    }
    Reply release =
        api.as(api.token(RunningApi.OTHER_PROVIDER))
            .delete("/claims/" + RunningApi.path(api.name(0)));
    Reply operation =
        api.as(api.token(RunningApi.OTHER_PROVIDER))
            .post(device + "/operations", "{\"operation\":\"read\",\"path\":\"/3/0\"}");
    assertThat(release.status()).isEqualTo(404);
    assertThat(operation.status()).isEqualTo(404);
  }

  @Test
  void each_role_is_refused_what_its_row_of_the_table_lacks() throws Exception {
    assertThat(status(RunningApi.PROVIDER, "/subscriptions")).isEqualTo(403);
    assertThat(status(RunningApi.PROVIDER, "/onboarding-plans")).isEqualTo(403);
    assertThat(status(RunningApi.PROVIDER, "/manufacturers")).isEqualTo(403);
    assertThat(status(RunningApi.PROVIDER, "/handshake-failures")).isEqualTo(403);
    assertThat(status(RunningApi.OPERATOR, "/configurations")).isEqualTo(403);
    assertThat(status(RunningApi.OPERATOR, "/manufacturers")).isEqualTo(403);
    assertThat(status(RunningApi.MAKER, device + "/journey")).isEqualTo(403);
    assertThat(status(RunningApi.MAKER, "/configurations")).isEqualTo(403);
    assertThat(status(RunningApi.MAKER, "/manufacturers/" + RunningApi.MAKER)).isEqualTo(200);
    Reply retire = api.as(api.token(RunningApi.PROVIDER)).post(device + "/retirement", "{}");
    assertThat(retire.status()).isEqualTo(403);
    Reply sealed = api.as(api.administrator).ndjson("/subscriptions", "{}");
    assertThat(sealed.status()).isEqualTo(403);
  }

  @Test
  void a_maker_sees_what_it_has_shipped_and_nothing_of_what_became_of_it() throws Exception {
    Reply sold = api.as(api.token(RunningApi.MAKER)).get(device);
    Reply unsold =
        api.as(api.token(RunningApi.MAKER)).get("/devices/" + RunningApi.path(api.name(1)));

    assertThat(sold.status()).isEqualTo(200);
    assertThat(sold.body().path("serialNumber").asText()).isNotEmpty();
    assertThat(sold.text()).doesNotContain(RunningApi.PROVIDER).doesNotContain("CLAIMED");
    assertThat(sold.body().fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> unsold.body().fieldNames())
        .doesNotContain("state", "stateSince", "waiting", "claimable");
  }

  @Test
  void a_maker_cannot_ask_by_what_it_may_not_see() throws Exception {
    for (String filter : List.of("state:CLAIMED", "tenant:" + RunningApi.PROVIDER)) {
      assertThat(status(RunningApi.MAKER, "/devices?filter=" + filter)).as(filter).isEqualTo(403);
    }
    assertThat(status(RunningApi.MAKER, "/devices?filter=model:FL-1")).isEqualTo(200);
  }

  @Test
  void a_service_provider_never_reaches_the_operators_objects() throws Exception {
    int before = api.asked.size();
    for (String path :
        List.of(
            "/",
            "/0",
            "/1/0",
            "/2/0",
            "/10/0/4",
            "/11",
            "/13/0/6",
            "/504/0",
            "/505/0/14",
            "/3443/0/0",
            "/21")) {
      Reply reply = operate("read", path);
      assertThat(reply.status()).as(path).isEqualTo(403);
      assertThat(reply.detail()).startsWith(path + ":");
    }
    assertThat(operate("write", "/27/0/0").status()).isEqualTo(403);
    assertThat(operate("execute", "/10479/0/9").status()).isEqualTo(403);
    assertThat(operate("execute", "/3/0/5").status()).isEqualTo(403);
    assertThat(api.asked).hasSize(before);
    assertThat(operate("read", "/27/0").status()).isEqualTo(200);
  }

  private static Reply operate(String operation, String path) throws Exception {
    String wish =
        "{\"operation\":\"%s\",\"path\":\"%s\"%s}"
            .formatted(operation, path, operation.equals("write") ? ",\"value\":\"1\"" : "");
    return api.as(api.token(RunningApi.PROVIDER)).post(device + "/operations", wish);
  }

  @Test
  void a_read_answers_with_values_and_hides_secrets() throws Exception {
    Reply reply = operate("read", "/3/0");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("coapCode").asText()).isEqualTo("2.05");
    assertThat(reply.body().at("/values/0/value").asText()).isEqualTo("Firstlight");
    assertThat(reply.body().at("/values/1/secret").asBoolean()).isTrue();
    assertThat(reply.body().at("/values/1").has("value")).isFalse();
  }

  @Test
  void a_write_out_of_range_is_refused_with_path_and_rule_and_not_sent() throws Exception {
    int before = api.asked.size();
    Reply reply =
        api.as(api.token(RunningApi.PROVIDER))
            .post(
                device + "/operations",
                "{\"operation\":\"write\",\"path\":\"/3/0/13\",\"value\":\"noon\"}");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.detail()).startsWith("/3/0/13").contains("TYPE");
    assertThat(api.asked).hasSize(before);
  }

  @Test
  void acts_are_in_the_audit_of_their_tenant_alone() throws Exception {
    String own = api.as(api.token(RunningApi.PROVIDER)).get("/audit").text();
    String others = api.as(api.token(RunningApi.OTHER_PROVIDER)).get("/audit").text();

    assertThat(api.as(api.administrator).get("/audit?cursor=!").status()).isEqualTo(400);
    assertThat(own)
        .contains("device.claim")
        .contains(api.name(0))
        .doesNotContain("manufacturer.put");
    assertThat(others).doesNotContain("device.claim\"");
    assertThat(api.as(api.administrator).get("/audit").text())
        .contains("manufacturer.put")
        .contains("device.import");
  }
}
