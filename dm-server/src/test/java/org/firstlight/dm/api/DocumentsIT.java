package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations, plans, tenants and manufacturers: checked whole, versioned, without secrets. */
class DocumentsIT {
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

  private static RunningApi.Caller provider() {
    return api.as(api.token(RunningApi.PROVIDER));
  }

  private static RunningApi.Caller administrator() {
    return api.as(api.administrator);
  }

  private static String values(String path, String value) {
    return "{\"values\":{\"%s\":%s}}".formatted(path, value);
  }

  @Test
  void a_document_that_names_an_operators_object_is_refused_when_saved_with_the_path()
      throws Exception {
    for (String path :
        List.of(
            "/0/1/0",
            "/1/0/1",
            "/2/0/3",
            "/10/0/4",
            "/11/0/1",
            "/13/0/6",
            "/504/0/3",
            "/505/0/3",
            "/3443/0/2",
            "/27/0/0")) {
      Reply reply = provider().put("/configurations/closed", values(path, "{\"value\":\"1\"}"));
      assertThat(reply.status()).as(path).isEqualTo(403);
      assertThat(reply.detail()).startsWith(path + ":");
    }
    assertThat(provider().get("/configurations/closed").status()).isEqualTo(404);
  }

  @Test
  void even_the_administrator_saves_no_such_document_for_a_third_party() throws Exception {
    Reply reply =
        administrator()
            .put(
                "/configurations/closed",
                "{\"tenant\":\"things\",\"values\":{\"/11/0/1\":{\"value\":\"x\"}}}");
    assertThat(reply.status()).isEqualTo(403);
  }

  @Test
  void a_value_is_held_to_type_and_place_with_path_and_rule() throws Exception {
    Map<String, String> faults =
        Map.of(
            values("/3/0/13", "{\"value\":\"noon\"}"), "TYPE",
            values("/3/0/0", "{\"value\":\"x\"}"), "OPERATIONS",
            values("/3/0", "{\"value\":\"x\"}"), "names no Resource",
            values("/3/1/15", "{\"value\":\"x\"}"), "MULTIPLICITY",
            values("/3/0/9999", "{\"value\":\"x\"}"), "UNKNOWN_RESOURCE",
            values("/3/0/15", "{\"value\":\"x\",\"secret\":\"y\"}"), "one of value and secret",
            values("/3/0/15", "{\"secret\":true}"), "no secret yet",
            values("not a path", "{\"value\":\"x\"}"), "malformed",
            values("/19/0/0/0", "{\"secret\":\"" + SECRET + "\"}"), "breaks rule TYPE");
    for (var fault : faults.entrySet()) {
      Reply reply = provider().put("/configurations/wrong", fault.getKey());
      assertThat(reply.status()).as(fault.getKey()).isEqualTo(400);
      assertThat(reply.detail()).contains(fault.getValue()).doesNotContain(SECRET);
    }
  }

  @Test
  void a_secret_goes_in_and_never_comes_out() throws Exception {
    String document =
        """
        {"values":{"/3/0/15":{"value":"Europe/Berlin"},"/19/0/0/0":{"secret":"hex:%s"}}}"""
            .formatted(SECRET);

    Reply saved = provider().put("/configurations/cloud", document);
    Reply read = provider().get("/configurations/cloud");
    Reply listed = administrator().get("/configurations");
    Reply drift = provider().get("/devices/" + RunningApi.path(api.name(0)) + "/configuration");
    Reply kept =
        provider()
            .plus("If-Match", "\"1\"")
            .put("/configurations/cloud", values("/19/0/0/0", "{\"secret\":true}"));

    assertThat(saved.status()).isEqualTo(200);
    assertThat(read.body().at("/values/~119~10~10~10/secret").asBoolean()).isTrue();
    for (Reply reply : List.of(saved, read, listed, drift, kept)) {
      assertThat(reply.text()).doesNotContain(SECRET);
    }
    assertThat(drift.text()).contains("PENDING").contains("Europe/Berlin");
    assertThat(kept.status()).isEqualTo(200);
    Configuration stored = api.state.find(Kinds.CONFIGURATION, "cloud").orElseThrow().value();
    assertThat(stored.values().get("/19/0/0/0").secret()).isPresent();
    assertThat(api.reconfigured).contains("cloud");
  }

  @Test
  void a_tenant_has_so_many_configurations_and_tokens_and_no_more() throws Exception {
    administrator().put("/tenants/busy", "{\"name\":\"B\",\"kind\":\"SERVICE_PROVIDER\"}");
    RunningApi.Caller busy = api.as(api.token("busy"));
    for (int i = 0; i < 1_000; i++) {
      String id = "busy-" + i;
      api.state.commit(
          Change.in(id)
              .put(
                  Kinds.CONFIGURATION,
                  id,
                  0,
                  new Configuration(id, "busy", Set.of(), Set.of(), Map.of()))
              .build());
    }
    for (int i = 1; i < 200; i++) {
      api.token("busy");
    }

    Reply document = busy.put("/configurations/more", values("/3/0/15", "{\"value\":\"UTC\"}"));
    Reply token = busy.post("/tokens", "{\"name\":\"more\"}");

    assertThat(document.status()).isEqualTo(409);
    assertThat(document.detail()).contains("1000 configurations");
    assertThat(token.status()).as(token.toString()).isEqualTo(409);
    assertThat(token.detail()).contains("200 tokens");
    assertThat(
            busy.plus("If-Match", "\"1\"")
                .put("/configurations/busy-1", values("/3/0/15", "{\"value\":\"UTC\"}"))
                .status())
        .isEqualTo(200);
  }

  @Test
  void two_editors_do_not_overwrite_each_other() throws Exception {
    String one = values("/3/0/15", "{\"value\":\"UTC\"}");
    Reply created = provider().plus("If-None-Match", "*").put("/configurations/shared", one);
    Reply blind = provider().put("/configurations/shared", one);
    Reply first = provider().plus("If-Match", "\"1\"").put("/configurations/shared", one);
    Reply second = provider().plus("If-Match", "\"1\"").put("/configurations/shared", one);
    Reply odd = provider().plus("If-Match", "1").put("/configurations/shared", one);
    Reply deleted = provider().plus("If-Match", "\"1\"").delete("/configurations/shared");

    assertThat(created.response().headers().firstValue("ETag")).contains("\"1\"");
    assertThat(blind.status()).isEqualTo(412);
    assertThat(first.response().headers().firstValue("ETag")).contains("\"2\"");
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.code()).isEqualTo("PRECONDITION_FAILED");
    assertThat(odd.status()).isEqualTo(400);
    assertThat(deleted.status()).isEqualTo(412);
    assertThat(provider().delete("/configurations/shared").status()).isEqualTo(204);
  }

  @Test
  void a_foreign_tenants_document_does_not_exist_and_its_name_is_taken() throws Exception {
    provider().put("/configurations/mine", values("/3/0/15", "{\"value\":\"UTC\"}"));
    RunningApi.Caller rival = api.as(api.token(RunningApi.OTHER_PROVIDER));

    assertThat(rival.get("/configurations/mine").status()).isEqualTo(404);
    assertThat(rival.delete("/configurations/mine").status()).isEqualTo(404);
    assertThat(rival.get("/configurations").text()).doesNotContain("mine");
    Reply put =
        rival
            .plus("If-Match", "\"1\"")
            .put("/configurations/mine", values("/3/0/15", "{\"value\":\"UTC\"}"));
    assertThat(put.status()).isEqualTo(409);
  }

  @Test
  void a_manufacturer_gets_no_anchor_and_no_namespace_of_another() throws Exception {
    String pem = Files.readString(api.shipment.manufacturerCa());
    String euicc = Files.readString(api.shipment.euiccRoot());

    assertThat(maker(pem, "urn:other:").detail()).contains("anchors[0]: is another");
    assertThat(maker(euicc, api.shipment.order().namespace() + "9").detail()).contains("overlaps");
    assertThat(maker("nonsense", "urn:other:").detail()).contains("anchors[0]");
    assertThat(maker(euicc, "has space").detail()).contains("namespace");
    assertThat(maker(euicc, "urn:other:").status()).isEqualTo(200);
    assertThat(administrator().delete("/manufacturers/" + RunningApi.MAKER).status())
        .isEqualTo(409);
  }

  private static Reply maker(String pem, String namespace) throws Exception {
    return administrator()
        .put(
            "/manufacturers/other",
            RunningApi.JSON.writeValueAsString(
                Map.of(
                    "name",
                    "Other",
                    "anchors",
                    List.of(pem),
                    "identityRule",
                    "COMMON_NAME",
                    "namespace",
                    namespace)));
  }

  @Test
  void a_mobile_operator_sets_its_own_policy_and_nothing_else() throws Exception {
    RunningApi.Caller operator = api.as(api.token(RunningApi.OPERATOR)).plus("If-Match", "\"1\"");
    String own =
        """
        {"name":"North","kind":"MOBILE_OPERATOR","operatorId":"%s",
         "plmnPolicy":{"plmns":["26201"],"exclusive":true}}""";

    assertThat(operator.put("/tenants/north", own.formatted("another")).status()).isEqualTo(403);
    assertThat(operator.put("/tenants/things", own.formatted("firstlight-mobile")).status())
        .isEqualTo(409);
    assertThat(operator.put("/tenants/north", own.formatted("firstlight-mobile")).status())
        .isEqualTo(200);
  }

  @Test
  void a_tenant_that_owns_something_stays_and_one_that_goes_takes_its_tokens() throws Exception {
    administrator().put("/tenants/brief", "{\"name\":\"B\",\"kind\":\"SERVICE_PROVIDER\"}");
    String token = api.token("brief");

    assertThat(administrator().delete("/tenants/things").status()).isEqualTo(409);
    assertThat(administrator().delete("/tenants/platform").status()).isEqualTo(409);
    assertThat(administrator().delete("/tenants/brief").status()).isEqualTo(204);
    assertThat(api.as(token).get("/session").status()).isEqualTo(401);
  }

  @Test
  void object_models_are_loaded_listed_and_never_take_a_built_in_ones_place() throws Exception {
    String ddf =
        """
        <LWM2M><Object ObjectType="MODefinition"><Name>Lamp</Name><Description1>x</Description1>
        <ObjectID>%d</ObjectID><ObjectURN>urn:oma:lwm2m:x:%d</ObjectURN>
        <MultipleInstances>Multiple</MultipleInstances><Mandatory>Optional</Mandatory><Resources>
        <Item ID="1"><Name>On</Name><Operations>RW</Operations>
        <MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
        <Type>Boolean</Type><RangeEnumeration/><Units/><Description>x</Description></Item>
        </Resources></Object></LWM2M>""";

    Reply loaded = load(ddf.formatted(33000, 33000));
    assertThat(loaded.status()).as(loaded.toString()).isEqualTo(201);
    assertThat(load(ddf.formatted(3, 3)).status()).isIn(201, 409);
    assertThat(load("<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>").status()).isEqualTo(400);
    assertThat(administrator().get("/object-models").text()).contains("Lamp").contains("built-in");
    assertThat(administrator().get("/object-models/33000").body().at("/resources/0/name").asText())
        .isEqualTo("On");
    assertThat(administrator().get("/object-models/40000").status()).isEqualTo(404);
  }

  private static Reply load(String ddf) throws Exception {
    return administrator().send("POST", "/object-models", ddf, "application/xml");
  }

  @Test
  void a_client_of_ones_own_gets_keys_once_and_no_name_of_a_shipped_device() throws Exception {
    Reply psk =
        administrator().post("/connections", "{\"name\":\"bench-1\",\"credential\":\"psk\"}");
    String key = psk.body().at("/dm/key").asText();

    assertThat(psk.status()).as(psk.toString()).isEqualTo(201);
    assertThat(psk.body().at("/bootstrap/uri").asText()).isEqualTo("coaps://localhost:5684");
    assertThat(psk.body().at("/dm/identity").asText()).startsWith("bench-1#1#");
    assertThat(key).hasSize(32);
    assertThat(administrator().get("/devices/bench-1").text()).doesNotContain(key);
    assertThat(api.state.findAll(Kinds.PSK, "bench-1")).hasSize(2);
    assertThat(api.state.findAll(Kinds.PSK, "bench-1").toString()).doesNotContain(key);

    String shipped = "{\"name\":\"%s\",\"credential\":\"psk\"}".formatted(api.name(2));
    assertThat(administrator().post("/connections", shipped).status()).isEqualTo(409);
    String open = "{\"name\":\"bench-2\",\"credential\":\"nosec\"}";
    assertThat(administrator().post("/connections", open).status()).isEqualTo(422);
  }

  @Test
  void a_manufacturers_device_is_no_client_of_ones_own() throws Exception {
    String pem =
        Files.readString(api.shipment.devicesFolder().resolve(api.name(2)).resolve("device.pem"));
    Reply reply =
        administrator()
            .post(
                "/connections",
                RunningApi.JSON.writeValueAsString(
                    Map.of("name", "bench-3", "credential", "certificate", "certificate", pem)));

    assertThat(reply.status()).as(reply.toString()).isEqualTo(409);
    assertThat(reply.text()).contains("manufacturer");
    assertThat(api.state.find(Kinds.DEVICE, "bench-3")).isEmpty();
  }
}
