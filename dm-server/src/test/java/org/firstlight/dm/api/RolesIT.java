package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.firstlight.dm.access.Permission;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;
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

  private static final Map<String, Tenant.Kind> TENANTS =
      Map.of(
          RunningApi.OPERATOR, Tenant.Kind.MOBILE_OPERATOR,
          RunningApi.MAKER, Tenant.Kind.MANUFACTURER,
          RunningApi.PROVIDER, Tenant.Kind.SERVICE_PROVIDER);

  /** Every role, every route: the administrator's row is what all other tests use. */
  @Test
  void each_role_is_refused_every_route_that_its_row_of_the_table_lacks() throws Exception {
    int refused = 0;
    for (Map.Entry<String, Tenant.Kind> tenant : TENANTS.entrySet()) {
      RunningApi.Caller caller = api.as(api.token(tenant.getKey()));
      for (Route route : api.table()) {
        if (route.permission() == Permission.SIGN_IN) {
          continue;
        }
        String path = route.path().replaceAll("\\{[a-zA-Z]+}", "no-such");
        Reply reply = caller.send(route.method().name(), path, "{}", "application/json");
        String what = tenant.getValue() + " " + route.method() + " " + route.path();
        if (route.permission().kinds().contains(tenant.getValue())) {
          assertThat(reply.status()).as(what + reply.text()).isNotIn(401, 403, 500);
        } else {
          refused++;
          assertThat(reply.status()).as(what).isEqualTo(403);
          assertThat(reply.code()).as(what).isEqualTo("FORBIDDEN");
        }
      }
    }
    assertThat(refused).isGreaterThan(50);
    Reply sealed = api.as(api.administrator).ndjson("/subscriptions", "{}");
    assertThat(sealed.status()).isEqualTo(403);
  }

  /**
   * Every kind, every role, every route: the table is the code, and the code is what is answered.
   */
  @Test
  void each_user_is_refused_what_its_role_lacks_and_nothing_else() throws Exception {
    int asked = 0;
    Map<String, Tenant.Kind> all = new HashMap<>(TENANTS);
    all.put(Tenant.PLATFORM, Tenant.Kind.PLATFORM_OPERATOR);
    for (Map.Entry<String, Tenant.Kind> tenant : all.entrySet()) {
      for (Role role : Role.values()) {
        String name = role.name().toLowerCase(Locale.ROOT) + "@" + tenant.getKey();
        RunningApi.Caller caller = api.as(api.userToken(tenant.getKey(), name, role));
        for (Route route : api.table()) {
          if (route.permission() == Permission.SIGN_IN) {
            continue;
          }
          String path = route.path().replaceAll("\\{[a-zA-Z]+}", "no-such");
          Reply reply = caller.send(route.method().name(), path, "{}", "application/json");
          String what = name + " " + route.method() + " " + route.path() + " " + reply.text();
          boolean may =
              route.permission().kinds().contains(tenant.getValue())
                  && role.isAtLeast(route.permission().least());
          asked++;
          if (may) {
            assertThat(reply.status()).as(what).isNotIn(401, 403, 500);
          } else {
            assertThat(reply.status()).as(what).isEqualTo(403);
          }
        }
      }
    }
    long known = api.table().stream().filter(one -> one.permission() != Permission.SIGN_IN).count();
    assertThat(asked).isEqualTo(4 * 3 * (int) known);
  }

  @Test
  void writes_of_a_viewer_are_refused_whatever_the_route() {
    assertThat(api.table())
        .filteredOn(route -> !route.method().name().equals("GET"))
        .filteredOn(route -> route.permission().least() == Role.VIEWER)
        .extracting(Route::path)
        .containsExactlyInAnyOrder(
            "/session",
            "/session",
            "/account/password",
            "/sessions/{id}",
            "/claim-pages/{id}/claims",
            "/my-device",
            "/tokens",
            "/tokens/{id}");
  }

  /** Whatever the route: what is another tenant's is answered as what is not there. */
  @Test
  void foreign_device_is_as_one_that_is_not_there_on_every_route() throws Exception {
    int asked = 0;
    for (String tenant : List.of(RunningApi.OTHER_PROVIDER, RunningApi.OPERATOR)) {
      RunningApi.Caller caller = api.as(api.token(tenant));
      for (Route route : api.table()) {
        boolean mine =
            route.path().contains("{endpointName}")
                && route
                    .permission()
                    .kinds()
                    .contains(
                        tenant.equals(RunningApi.OPERATOR)
                            ? Tenant.Kind.MOBILE_OPERATOR
                            : Tenant.Kind.SERVICE_PROVIDER);
        if (!mine) {
          continue;
        }
        asked++;
        String method = route.method().name();
        for (String body : List.of("{}", BODIES.getOrDefault(route.path(), "{}"))) {
          Reply foreign = caller.send(method, at(route, api.name(0)), body, "application/json");
          Reply missing =
              caller.send(method, at(route, "urn:dev:ops:no-such"), body, "application/json");
          String what = tenant + " " + method + " " + route.path() + " " + body;
          assertThat(foreign.status()).as(what).isEqualTo(missing.status()).isBetween(400, 499);
          assertThat(foreign.text()).as(what).isEqualTo(missing.text());
        }
      }
    }
    assertThat(asked).isGreaterThanOrEqualTo(15);
  }

  /** Good bodies, which get past the first look. */
  private static final Map<String, String> BODIES =
      Map.of(
          "/devices/{endpointName}/operations", "{\"operation\":\"read\",\"path\":\"/3/0\"}",
          "/devices/{endpointName}/tags", "{\"tags\":[\"north\"]}");

  private static String at(Route route, String endpointName) {
    return route
        .path()
        .replace("{endpointName}", RunningApi.path(endpointName))
        .replaceAll("\\{[a-zA-Z]+}", "1");
  }

  @Test
  void a_maker_sees_its_own_record() throws Exception {
    assertThat(status(RunningApi.MAKER, "/manufacturers/" + RunningApi.MAKER)).isEqualTo(200);
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

  @Test
  void audit_is_exported_as_lines_that_say_where_each_act_came_from() throws Exception {
    String own = api.as(api.token(RunningApi.PROVIDER)).get("/audit/export").text();
    List<JsonNode> lines = new ArrayList<>(own.lines().map(RolesIT::json).toList());
    JsonNode end = lines.remove(lines.size() - 1);
    assertThat(end.path("end").asBoolean()).isTrue();
    assertThat(end.path("acts").asInt()).isEqualTo(lines.size());

    assertThat(lines).isNotEmpty();
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.path("tenant").asText()).isEqualTo(RunningApi.PROVIDER);
              assertThat(line.path("from").asText()).isEqualTo("127.0.0.1");
            });
    assertThat(lines)
        .anySatisfy(line -> assertThat(line.path("action").asText()).isEqualTo("device.claim"));

    RunningApi.Caller administrator = api.as(api.administrator);
    assertThat(administrator.get("/audit/export?target=" + api.name(0)).text().lines())
        .hasSizeGreaterThan(1)
        .allSatisfy(line -> assertThat(line).containsAnyOf(api.name(0), "\"end\":true"));
    assertThat(administrator.get("/audit/export?until=2026-01-01T00:00:00Z").text())
        .isEqualTo("{\"end\":true,\"acts\":0}\n");
    Reply odd = administrator.get("/audit/export?since=yesterday");
    assertThat(odd.status()).isEqualTo(400);
    assertThat(odd.detail()).startsWith("since: is a time");
  }

  @Test
  void audit_that_cannot_be_read_is_no_empty_file() throws Exception {
    RunningApi.Caller administrator = api.as(api.administrator);
    api.redis("STOP");
    try {
      Reply away = administrator.get("/audit/export");
      assertThat(away.status()).isEqualTo(503);
      assertThat(away.text()).doesNotContain("\"end\"");
    } finally {
      api.redis("CONT");
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(administrator.get("/audit/export").text().lines())
                    .last()
                    .asString()
                    .startsWith("{\"end\":true"));
  }

  private static JsonNode json(String line) {
    try {
      return RunningApi.JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }
}
