package org.firstlight.dm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.claim.Handover;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Withdrawal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.configuration.Configuration.Value;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.PathStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.Result;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Text;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A third party's configuration, from the stored document to the device and its drift report. */
class ConfigurationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String SECRET = "cloud-credential-4711";

  @TempDir static Path directory;
  private static DmWorld world;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
  }

  /** Saves a document for this device, as the API does. */
  private static String save(EndpointName name, Map<String, Value> values) {
    String id = "for-" + name.value().substring(name.value().length() - 4);
    world.state.commit(
        Change.in(id)
            .put(
                Kinds.CONFIGURATION,
                id,
                Change.ANY_VERSION,
                new Configuration(id, DmWorld.OWNER, Set.of(name.value()), Set.of("meter"), values))
            .build());
    DmWorld.await(world.server.configurations().changed(id));
    return id;
  }

  private static Value secret(EndpointName name, String path, String text) {
    String id = "for-" + name.value().substring(name.value().length() - 4);
    return Value.of(
        world
            .pki
            .keyEncryption()
            .encrypt(text.getBytes(UTF_8), Configuration.secretContext(id, path)));
  }

  private static TestDevice device(EndpointName name) {
    TestDevice device = world.connect(world.issue(name));
    device.tree.values.put(LwM2mPath.parse("/3/0/15"), new Text("UTC"));
    device.tree.values.put(LwM2mPath.parse("/3/0/14"), new Text("+00:00"));
    return device;
  }

  private static Map<String, PathStatus> report(EndpointName name) {
    return world
        .state
        .find(Kinds.CONFIGURATION_STATUS, name.value())
        .map(Stored::value)
        .map(ConfigurationStatus::paths)
        .orElse(Map.of());
  }

  private static Result result(EndpointName name, String path) {
    PathStatus status = report(name).get(path);
    assertThat(status).as("status of %s", path).isNotNull();
    return status.result();
  }

  private static void awaitState(EndpointName name, DeviceState state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(world.device(name).state()).isEqualTo(state));
  }

  @Test
  void configuration_is_applied_when_the_device_registers() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/3/0/15", Value.of("Europe/Berlin"), "/3/0/14", Value.of("+00:00")));
    TestDevice device = device(name);

    DmWorld.register(device, name);

    awaitState(name, DeviceState.CONFIGURED);
    assertThat(device.tree.values)
        .containsEntry(LwM2mPath.parse("/3/0/15"), new Text("Europe/Berlin"));
    assertThat(device.tree.requests).contains("PUT /3/0/15").doesNotContain("PUT /3/0/14");
    assertThat(result(name, "/3/0/15")).isEqualTo(Result.IN_STEP);
    assertThat(world.step(name, "configuration").orElseThrow().details())
        .isEqualTo(Map.of("documents", "1", "paths", "2"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(world.events(name, "device.configured")).hasSize(1));
  }

  @Test
  void device_without_configuration_stays_registered() {
    EndpointName name = world.bootstrapped();

    DmWorld.register(device(name), name);
    DmWorld.await(world.server.configurations().apply(name));

    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
    assertThat(world.step(name, "configuration")).isEmpty();
  }

  @Test
  void secret_reaches_the_device_and_nobody_else() {
    EndpointName name = world.bootstrapped();
    String hex = "hex:" + java.util.HexFormat.of().formatHex(SECRET.getBytes(UTF_8));
    save(name, Map.of("/19/0/0/0", secret(name, "/19/0/0/0", hex)));
    TestDevice device = device(name);

    DmWorld.register(device, name);

    awaitState(name, DeviceState.CONFIGURED);
    assertThat(device.tree.values)
        .containsEntry(
            LwM2mPath.parse("/19/0/0"), new Many(Map.of(0, new Bytes(SECRET.getBytes(UTF_8)))));
    assertThat(result(name, "/19/0/0/0")).isEqualTo(Result.WRITTEN);
    assertThat(device.tree.requests).noneMatch(request -> request.startsWith("GET /19"));

    assertHidden(name, LwM2mPath.parse("/19/0/0"));
    assertThat(report(name).toString() + world.events).doesNotContain(SECRET).doesNotContain(hex);
  }

  @Test
  void secret_of_a_document_that_is_gone_stays_hidden_from_the_next_owner_too() {
    EndpointName name = world.bootstrapped();
    String id = save(name, Map.of("/19/0/0/0", secret(name, "/19/0/0/0", "hex:4711")));
    TestDevice device = device(name);
    DmWorld.register(device, name);
    awaitState(name, DeviceState.CONFIGURED);

    world.state.commit(Change.in(id).delete(Kinds.CONFIGURATION, id, Change.ANY_VERSION).build());
    DmWorld.await(world.server.configurations().changed(id));
    assertHidden(name, LwM2mPath.parse("/19/0/0"));

    world.put(world.device(name).withClaim(Optional.empty(), Optional.empty()));
    DmWorld.await(world.stores.values().forget(name));
    world.restartServer();
    TestDevice again = device(name);
    again.tree.values.putAll(new HashMap<LwM2mPath, TypedValue>(device.tree.values));
    DmWorld.register(again, name);
    assertHidden(name, LwM2mPath.parse("/19/0/0"));
  }

  private static void assertHidden(EndpointName name, LwM2mPath path) {
    Done read = read(name, path);
    assertThat(read.values()).isEmpty();
    assertThat(read.hidden()).containsExactly(path);
    assertThat(DmWorld.await(world.stores.values().find(name)).get(path.toString()).value())
        .isEqualTo("•••");
  }

  private static Done read(EndpointName name, LwM2mPath path) {
    return (Done)
        DmWorld.await(
            world
                .server
                .operations()
                .perform(name, 1, Principal.platform("test"), new Operation.Read(path)));
  }

  @Test
  void value_that_takes_a_secrets_place_is_written_and_not_shown() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/19/0/0/0", secret(name, "/19/0/0/0", "hex:01")));
    TestDevice device = device(name);
    DmWorld.register(device, name);
    awaitState(name, DeviceState.CONFIGURED);

    save(name, Map.of("/19/0/0/0", Value.of("hex:02")));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(device.tree.values)
                    .containsEntry(
                        LwM2mPath.parse("/19/0/0"),
                        new Many(Map.of(0, new Bytes(new byte[] {2})))));
    DmWorld.await(world.server.configurations().apply(name));
    assertThat(result(name, "/19/0/0/0")).isEqualTo(Result.WRITTEN);
    assertHidden(name, LwM2mPath.parse("/19/0/0"));
  }

  @Test
  void secret_is_not_written_again_to_a_device_that_holds_it() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/19/0/0/0", secret(name, "/19/0/0/0", "hex:01")));
    TestDevice device = device(name);
    DmWorld.register(device, name);
    awaitState(name, DeviceState.CONFIGURED);
    device.tree.requests.clear();

    DmWorld.register(device, name);
    DmWorld.await(world.server.configurations().apply(name));
    assertThat(device.tree.requests).noneMatch(request -> request.contains("/19/0"));

    save(name, Map.of("/19/0/0/0", secret(name, "/19/0/0/0", "hex:02")));
    await().atMost(PATIENCE).until(() -> device.tree.requests.contains("PUT /19/0/0/0"));
  }

  @Test
  void path_that_is_closed_to_third_parties_is_refused_at_the_write() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/13/0/6", Value.of("00101"), "/3/0/15", Value.of("Europe/Berlin")));
    TestDevice device = device(name);

    DmWorld.register(device, name);

    await().atMost(PATIENCE).until(() -> report(name).size() == 2);
    assertThat(result(name, "/13/0/6")).isEqualTo(Result.REJECTED);
    assertThat(report(name).get("/13/0/6").message()).contains("service provider");
    assertThat(result(name, "/3/0/15")).isEqualTo(Result.IN_STEP);
    assertThat(device.tree.requests).noneMatch(request -> request.equals("PUT /13/0/6"));
    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
    assertThat(world.step(name, "configuration").orElseThrow().ok()).isFalse();
  }

  @Test
  void device_that_shows_another_value_than_it_accepted_has_drifted() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/3/0/15", Value.of("Europe/Berlin")));
    TestDevice device = device(name);
    device.tree.stubborn.add(LwM2mPath.parse("/3/0/15"));

    DmWorld.register(device, name);

    await().atMost(PATIENCE).until(() -> !report(name).isEmpty());
    assertThat(result(name, "/3/0/15")).isEqualTo(Result.DRIFTED);
    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.events(name, "device.drifted"))
                    .first()
                    .satisfies(
                        event -> assertThat(event.details()).containsEntry("paths", "/3/0/15")));

    device.tree.stubborn.clear();
    DmWorld.await(world.server.configurations().apply(name));
    assertThat(world.device(name).state()).isEqualTo(DeviceState.CONFIGURED);
  }

  @Test
  void value_of_the_wrong_type_is_rejected_and_not_sent() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/3/0/13", Value.of("not a time")));
    TestDevice device = device(name);

    DmWorld.register(device, name);

    await().atMost(PATIENCE).until(() -> !report(name).isEmpty());
    assertThat(result(name, "/3/0/13")).isEqualTo(Result.REJECTED);
    assertThat(device.tree.requests).noneMatch(request -> request.contains("/3/0/13"));
  }

  @Test
  void changed_document_reaches_a_device_that_is_registered_already() {
    EndpointName name = world.bootstrapped();
    TestDevice device = device(name);
    DmWorld.register(device, name);

    save(name, Map.of("/3/0/15", Value.of("Europe/Rome")));

    awaitState(name, DeviceState.CONFIGURED);
    assertThat(device.tree.values).containsEntry(time(), new Text("Europe/Rome"));

    save(name, Map.of("/3/0/15", Value.of("Europe/Oslo")));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(device.tree.values).containsEntry(time(), new Text("Europe/Oslo")));
  }

  @Test
  void owner_that_lets_go_meanwhile_leaves_no_report_behind() {
    EndpointName name = world.bootstrapped();
    save(name, Map.of("/3/0/15", Value.of("Europe/Berlin")));
    TestDevice device = device(name);
    Handover handover =
        new Handover(world.state, new Withdrawal(world.state, world.stores.values()), world.clock);
    AtomicBoolean released = new AtomicBoolean();
    device.tree.meanwhile =
        () -> released.set(handover.release(name, IfMatch.any()).result().isPresent());

    DmWorld.register(device, name);
    await().atMost(PATIENCE).untilTrue(released);
    // waits in line behind the one that is under way
    DmWorld.await(world.server.configurations().apply(name));

    assertThat(world.state.find(Kinds.CONFIGURATION_STATUS, name.value())).isEmpty();
    assertThat(world.step(name, "configuration")).isEmpty();
    assertThat(world.device(name).state()).isEqualTo(DeviceState.EXPECTED);
  }

  private static LwM2mPath time() {
    return LwM2mPath.parse("/3/0/15");
  }

  @Test
  void device_that_was_away_gets_the_change_at_its_next_contact() {
    EndpointName name = world.bootstrapped();
    TestDevice before = device(name);
    String id = DmWorld.register(before, name);
    world.restartServer();
    save(name, Map.of("/3/0/15", Value.of("Europe/Rome")));
    assertThat(report(name)).isEmpty();

    TestDevice after = device(name);
    after.tree.values.putAll(new HashMap<LwM2mPath, TypedValue>(before.tree.values));
    assertThat(after.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);

    awaitState(name, DeviceState.CONFIGURED);
    assertThat(after.tree.values).containsEntry(time(), new Text("Europe/Rome"));
  }
}
