package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.configuration.ReportedValues.Kept;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryIT {
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

  private RunningApi.Caller administrator() {
    return api.as(api.administrator);
  }

  private String line(int serial, Map<String, String> other) throws Exception {
    String id = api.shipment.order().namespace() + "9%05d".formatted(serial);
    Map<String, String> fields =
        new TreeMap<>(
            Map.of(
                "endpointName",
                id,
                "manufacturer",
                RunningApi.MAKER,
                "factoryId",
                id,
                "model",
                "FL-1",
                "serialNumber",
                "9%05d".formatted(serial)));
    fields.putAll(other);
    return RunningApi.JSON.writeValueAsString(fields) + "\n";
  }

  @Test
  void the_same_list_again_changes_nothing() throws Exception {
    long before = api.state.find(Kinds.DEVICE, api.name(0)).orElseThrow().version();
    Reply again = administrator().ndjson("/devices", Files.readString(api.shipment.list()));

    assertThat(again.body().path("accepted").asInt()).isEqualTo(3);
    assertThat(again.body().path("refused")).isEmpty();
    assertThat(api.state.find(Kinds.DEVICE, api.name(0)).orElseThrow().version()).isEqualTo(before);
  }

  @Test
  void bad_lines_are_refused_with_their_reason_and_stop_nothing() throws Exception {
    String eid = api.shipment.devices().get(0).eid().value();
    String list =
        line(1, Map.of())
            + "not json\n"
            + line(2, Map.of("eid", "123"))
            + "\n"
            + line(3, Map.of("surprise", "x"))
            + line(4, Map.of("manufacturer", "nobody"))
            + line(5, Map.of("endpointName", "urn:other:1"))
            + line(6, Map.of("eid", eid))
            + line(7, Map.of("claimCode", "short"))
            + "{\"endpointName\":\"x\"}\n"
            + "x".repeat(10_000)
            + "\n"
            + line(8, Map.of("model", "A".repeat(100)))
            + line(9, Map.of());

    Reply reply = administrator().ndjson("/devices", list);

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body().path("accepted").asInt()).isEqualTo(2);
    Map<Integer, String> refused = new TreeMap<>();
    reply
        .body()
        .path("refused")
        .forEach(one -> refused.put(one.path("line").asInt(), one.path("reason").asText()));
    assertThat(refused.keySet()).containsExactly(2, 3, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(refused.get(2)).contains("not JSON");
    assertThat(refused.get(3)).contains("EID has 32");
    assertThat(refused.get(5)).contains("surprise");
    assertThat(refused.get(6)).contains("not known");
    assertThat(refused.get(7)).contains("endpointName");
    assertThat(refused.get(8)).contains("another device's");
    assertThat(refused.get(9)).contains("claimCode").doesNotContain("short\"");
    assertThat(refused.get(10)).contains("is missing");
    assertThat(refused.get(11)).contains("bytes");
  }

  @Test
  void a_device_that_differs_from_the_one_that_is_there_is_refused() throws Exception {
    administrator().ndjson("/devices", line(1, Map.of()));
    Reply other = administrator().ndjson("/devices", line(1, Map.of("model", "FL-2")));

    assertThat(other.body().at("/refused/0/reason").asText()).contains("differs");
  }

  @Test
  void a_maker_imports_its_own_devices_only() throws Exception {
    Reply own = api.as(api.token(RunningApi.MAKER)).ndjson("/devices", line(1, Map.of()));
    Reply foreign =
        api.as(api.token(RunningApi.MAKER))
            .ndjson("/devices", line(2, Map.of("manufacturer", "others")));

    assertThat(own.body().path("accepted").asInt()).isEqualTo(1);
    assertThat(foreign.body().path("accepted").asInt()).isZero();
  }

  @Test
  void a_claim_code_is_stored_as_its_hash_alone() throws Exception {
    ShippedDevice device = api.shipment.devices().get(0);

    assertThat(api.state.find(Kinds.DEVICE, api.name(0)).orElseThrow().value().claimCodeSha256())
        .contains(ClaimCode.sha256(device.claimCode()));
    assertThat(administrator().get("/devices/" + RunningApi.path(api.name(0))).text())
        .doesNotContain(device.claimCode())
        .doesNotContain(ClaimCode.sha256(device.claimCode()))
        .contains("\"claimable\":true");
  }

  @Test
  void bodies_that_are_too_large_or_no_JSON_are_problems() throws Exception {
    Reply large =
        administrator().put("/tenants/big", "{\"name\":\"" + "x".repeat(2_000_000) + "\"}");
    Reply torn = administrator().put("/tenants/torn", "{\"name\":");
    Reply typed = administrator().put("/tenants/typed", "{\"name\":5,\"kind\":\"MANUFACTURER\"}");
    Reply plain = administrator().send("PUT", "/tenants/plain", "{}", "text/plain");

    assertThat(large.status()).isEqualTo(413);
    assertThat(large.body().path("detail").asText()).contains("too large");
    assertThat(torn.status()).isEqualTo(400);
    assertThat(torn.code()).isEqualTo("MALFORMED");
    assertThat(torn.response().headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(typed.detail()).contains("name").contains("text");
    assertThat(plain.status()).isEqualTo(415);
  }

  @Test
  void the_list_filters_and_pages() throws Exception {
    api.claim(1, RunningApi.PROVIDER);

    assertThat(administrator().get("/devices?filter=state:CLAIMED").body().path("items"))
        .hasSize(1);
    assertThat(administrator().get("/devices?filter=tenant:none%20model:FL-1").body().path("items"))
        .hasSize(2);
    assertThat(
            administrator()
                .get("/devices?filter=" + RunningApi.path("text:" + api.name(2)))
                .body()
                .path("items"))
        .hasSize(1);
    assertThat(administrator().get("/devices?filter=state:NOWHERE").status()).isEqualTo(400);
    assertThat(administrator().get("/devices?limit=0").status()).isEqualTo(400);

    Reply first = administrator().get("/devices?limit=2");
    String next = first.body().path("next").asText();
    Reply second = administrator().get("/devices?limit=2&cursor=" + RunningApi.path(next));
    assertThat(first.body().path("items")).hasSize(2);
    assertThat(second.body().path("items")).hasSize(1);
    assertThat(second.body().has("next")).isFalse();
  }

  @Test
  void devices_are_found_by_tag_sorted_and_counted() throws Exception {
    api.claim(1, RunningApi.PROVIDER);
    String device = "/devices/" + RunningApi.path(api.name(1));
    RunningApi.Caller provider = api.as(api.token(RunningApi.PROVIDER));
    String tags = "{\"tags\":[\"group:north\",\"pilot\"]}";

    Reply unseen = provider.put(device + "/tags", tags);
    String version = provider.get(device).response().headers().firstValue("ETag").orElseThrow();
    RunningApi.Caller seen = provider.plus("If-Match", version);
    Reply bad = seen.put(device + "/tags", "{\"tags\":[\"no space\"]}");
    Reply tagged = seen.put(device + "/tags", tags);

    assertThat(unseen.status()).isEqualTo(412);
    assertThat(bad.status()).isEqualTo(400);
    assertThat(tagged.status()).isEqualTo(200);
    assertThat(tagged.body().path("tags")).hasSize(2);
    assertThat(provider.get("/devices?filter=group:north%20tag:pilot").body().path("items"))
        .hasSize(1);
    assertThat(provider.get("/devices?filter=group:south").body().path("items")).isEmpty();
    assertThat(administrator().get("/devices?sort=-stateSince").body().at("/items/0/endpointName"))
        .hasToString("\"" + api.name(1) + "\"");
    Reply unsorted = administrator().get("/devices?sort=colour");
    assertThat(unsorted.status()).isEqualTo(400);
    assertThat(unsorted.detail()).contains("stateSince");
    assertThat(administrator().get("/device-counts").body().at("/states/CLAIMED").asInt()).isOne();
    assertThat(administrator().get("/device-counts").body().path("total").asInt()).isEqualTo(3);
    assertThat(provider.get("/device-counts").body().path("total").asInt()).isOne();
    assertThat(provider.get("/device-counts?filter=state:LOST").body().path("total").asInt())
        .isZero();
  }

  @Test
  void a_revoked_device_is_restored_and_a_retired_one_never_comes_back() throws Exception {
    String device = "/devices/" + RunningApi.path(api.name(0));

    Reply revoked = administrator().put(device + "/revocation", "{\"reason\":\"stolen\"}");
    Reply restored = administrator().delete(device + "/revocation");
    Reply retired = administrator().post(device + "/retirement", "{}");
    Reply again = administrator().post(device + "/retirement", "{}");

    assertThat(revoked.body().path("revocation").asText()).isEqualTo("stolen");
    assertThat(restored.body().path("revoked").asBoolean()).isFalse();
    assertThat(retired.body().path("state").asText()).isEqualTo("RETIRED");
    assertThat(again.status()).isEqualTo(409);
  }

  @Test
  void a_code_claims_once_and_nobody_learns_which_devices_there_are() throws Exception {
    String code = api.shipment.devices().get(0).claimCode();
    RunningApi.Caller provider = api.as(api.token(RunningApi.PROVIDER));
    RunningApi.Caller rival = api.as(api.token(RunningApi.OTHER_PROVIDER));
    String sloppy = code.replace("-", " ").toLowerCase(Locale.ROOT);

    Reply claimed =
        provider.post("/claims", "{\"code\":\"" + sloppy + "\",\"preferredPlmns\":[\"26201\"]}");
    Reply used = rival.post("/claims", "{\"code\":\"" + code + "\"}");
    Reply unknown = rival.post("/claims", "{\"code\":\"AAAA-BBBB-CCCC-DDDD\"}");

    assertThat(claimed.status()).isEqualTo(201);
    assertThat(claimed.body().path("endpointName").asText()).isEqualTo(api.name(0));
    assertThat(used.status()).isEqualTo(404);
    assertThat(used.text()).isEqualTo(unknown.text());
    assertThat(api.state.find(Kinds.DEVICE, api.name(0)).orElseThrow().value().state())
        .isEqualTo(DeviceState.CLAIMED);
  }

  @Test
  void guessing_codes_ends_in_429() throws Exception {
    RunningApi.Caller rival = api.as(api.token(RunningApi.OTHER_PROVIDER));
    for (int i = 0; i < 10; i++) {
      assertThat(rival.post("/claims", "{\"code\":\"AAAA-BBBB-000%d\"}".formatted(i)).status())
          .isEqualTo(404);
    }
    String code = api.shipment.devices().get(0).claimCode();

    assertThat(rival.post("/claims", "{\"code\":\"" + code + "\"}").status()).isEqualTo(429);
  }

  @Test
  void a_released_device_is_claimed_anew_with_the_code_of_the_release() throws Exception {
    api.claim(0, RunningApi.PROVIDER);
    String old = api.shipment.devices().get(0).claimCode();
    RunningApi.Caller rival = api.as(api.token(RunningApi.OTHER_PROVIDER));

    Reply released =
        api.as(api.token(RunningApi.PROVIDER)).delete("/claims/" + RunningApi.path(api.name(0)));
    String code = released.body().path("claimCode").asText();

    assertThat(released.status()).isEqualTo(200);
    assertThat(rival.post("/claims", "{\"code\":\"" + old + "\"}").status()).isEqualTo(404);
    assertThat(rival.post("/claims", "{\"code\":\"" + code + "\"}").status()).isEqualTo(201);
  }

  @Test
  void the_next_owner_of_a_device_sees_nothing_of_the_one_before() throws Exception {
    api.claim(0, RunningApi.PROVIDER);
    EndpointName name = new EndpointName(api.name(0));
    String device = "/devices/" + RunningApi.path(api.name(0));
    Instant then = Instant.now();
    register(name, then);
    assertThat(tell(name, then)).isEqualTo(Kept.STORED);
    JourneyRecord journey =
        new JourneyRecord(List.of(new Step("configuration", then, 1, true, Map.of())));
    BootstrapSession session =
        new BootstrapSession(
            "1",
            name,
            then,
            Optional.of(then),
            "192.0.2.7:5683",
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty());
    ConfigurationStatus status =
        new ConfigurationStatus(then, Map.of("secret-plans", 1L), Map.of());
    api.state.commit(
        Change.in(name.value())
            .put(Kinds.JOURNEY, name.value(), 0, journey)
            .put(Kinds.SESSION, "1", 0, session)
            .put(Kinds.CONFIGURATION_STATUS, name.value(), 0, status)
            .build());
    RunningApi.Caller owner = api.as(api.token(RunningApi.PROVIDER));
    assertThat(owner.get(device + "/resources").text()).contains("52.1");
    assertThat(owner.get(device + "/sessions").text()).contains("192.0.2.7");

    String code =
        owner.delete("/claims/" + RunningApi.path(api.name(0))).body().path("claimCode").asText();
    // its connection lives on for a moment
    assertThat(tell(name, then.plusSeconds(1))).isEqualTo(Kept.NOT_REGISTERED);
    RunningApi.Caller next = api.as(api.token(RunningApi.OTHER_PROVIDER));
    next.post("/claims", "{\"code\":\"" + code + "\"}");

    assertThat(next.get(device).status()).isEqualTo(200);
    assertThat(next.get(device + "/resources").body().path("items")).isEmpty();
    assertThat(next.get(device + "/sessions").body().path("items")).isEmpty();
    assertThat(next.get(device + "/journey").body().path("steps")).isEmpty();
    assertThat(next.get(device + "/configuration").text()).doesNotContain("secret-plans");

    // as if the process had died before it forgot the values
    register(name, Instant.now());
    assertThat(tell(name, then)).isEqualTo(Kept.STORED);
    assertThat(next.get(device + "/resources").body().path("items")).isEmpty();
    assertThat(tell(name, Instant.now().plusSeconds(1))).isEqualTo(Kept.STORED);
    assertThat(next.get(device + "/resources").body().path("items")).hasSize(1);
  }

  private void register(EndpointName name, Instant at) {
    Registration registration =
        new Registration(
            api.stores.registrations().newId(name),
            1,
            name,
            at,
            at,
            Duration.ofHours(1),
            "1.1",
            "U",
            false,
            "192.0.2.7:5683",
            "</3/0>",
            Map.of(),
            "node");
    api.state.commit(
        Change.in(name.value()).registration(new RegistrationEdit.Begin(registration)).build());
  }

  private Kept tell(EndpointName name, Instant at) {
    return BlockingState.await(
        api.stores
            .values()
            .store(
                name,
                Map.of("/6/0/0", new ReportedValue("FLOAT", "52.1", at, "read")),
                at,
                FleetEvent.of(at, FleetEvent.VALUES_CHANGED, name, Map.of()),
                List.of()));
  }
}
