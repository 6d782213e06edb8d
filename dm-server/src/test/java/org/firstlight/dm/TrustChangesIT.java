package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.DeniedAuthorities;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Withdrawal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Whole;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A manufacturer, or a CA of one, that is trusted no more: its devices are cut off, and those of
 * others are not.
 */
class TrustChangesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Authority STOLEN = Authority.create("Stolen CA", Instant.now());
  private static final Authority KEPT = Authority.create("Kept CA", Instant.now());

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

  @ParameterizedTest
  @CsvSource({"true, SUSPENDED", "false, SUSPENDED", "false, RETIRED"})
  void devices_of_a_manufacturer_that_is_not_trusted_are_cut_off_until_it_is_again(
      boolean psk, State state) {
    EndpointName name = world.bootstrapped();
    TestDevice device = psk ? world.connectWithPsk(name, false) : world.connect(world.issue(name));
    EndpointName other = world.bootstrapped();
    TestDevice bystander = world.connect(world.issue(other));
    String id = DmWorld.register(device, name);
    String bystanders = DmWorld.register(bystander, other);

    become(name, state);

    // an answer, if only a 4.03, would mean that the connection is still there
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(device.register("</3/0>", DmWorld.query(name))).isEmpty();
    assertThat(bystander.update(bystanders).getCode()).isEqualTo(ResponseCode.CHANGED);

    become(name, State.ACTIVE);

    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isPresent());
    DmWorld.register(device, name);
  }

  @Test
  void what_a_suspended_device_sends_over_its_connection_goes_nowhere() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    observed(device, name);

    become(name, State.SUSPENDED);
    await().atMost(PATIENCE).until(() -> device.trySend(110, battery(56)).isEmpty());
    device.tree.change("/3/0/9", new Whole(44));

    assertThat(device.trySend(110, battery(57))).isEmpty();
    assertThat(level(name)).isIn("55", "56");
  }

  @Test
  void send_and_notification_of_a_suspended_device_are_refused_and_not_stored() {
    // without security there is no connection to cut: what comes is judged by itself
    EndpointName name = DmWorld.newName();
    world.put(DmWorld.device(name, DeviceState.BOOTSTRAPPED, Device.CONNECTED));
    TestDevice device = world.connectPlain();
    String id = observed(device, name);

    become(name, State.SUSPENDED);
    await().atMost(PATIENCE).until(() -> device.update(id).getCode() == ResponseCode.FORBIDDEN);
    Response send = device.sendData(110, battery(56));
    device.tree.change("/3/0/9", new Whole(44));

    assertThat(send.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(send.getPayloadString()).contains("is suspended");
    await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(() -> level(name).equals("55"));

    // the notification was not acknowledged: it comes again, and counts once the device does
    become(name, State.ACTIVE);
    await().atMost(PATIENCE).until(() -> level(name).equals("44"));
  }

  /** Registers a device, has its battery observed, and takes a Send of it. */
  private static String observed(TestDevice device, EndpointName name) {
    LwM2mPath battery = LwM2mPath.parse("/3/0/9");
    device.tree.values.put(battery, new Whole(80));
    device.tree.values.put(LwM2mPath.parse("/3/0/0"), new Text("Maker"));
    String id = DmWorld.register(device, name);
    // the first reading asks for the battery as well, and may do so after the device has told it
    await().atMost(PATIENCE).until(() -> values(name).containsKey("/3/0/0"));
    assertThat(
            DmWorld.await(
                world
                    .server
                    .operations()
                    .perform(name, 1, Principal.platform("test"), new Operation.Observe(battery))))
        .isInstanceOf(OperationResult.Done.class);
    assertThat(device.sendData(110, battery(55)).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(level(name)).isEqualTo("55");
    return id;
  }

  private static byte[] battery(int level) {
    return "[{\"n\":\"/3/0/9\",\"v\":%d}]".formatted(level).getBytes(StandardCharsets.UTF_8);
  }

  private static String level(EndpointName name) {
    return values(name).get("/3/0/9").value();
  }

  private static Map<String, ReportedValue> values(EndpointName name) {
    return DmWorld.await(world.stores.values().find(name));
  }

  @Test
  void devices_of_a_denied_ca_are_revoked_and_cut_off_and_others_are_not() {
    EndpointName name = vouchedFor("maker", STOLEN);
    EndpointName sleeper = vouchedFor("maker", STOLEN);
    EndpointName other = vouchedFor("maker", KEPT);
    EndpointName foreign = vouchedFor("other", STOLEN);
    TestDevice device = world.connect(world.issue(name));
    TestDevice bystander = world.connect(world.issue(other));
    String id = DmWorld.register(device, name);
    String bystanders = DmWorld.register(bystander, other);
    save(List.of());
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);

    save(List.of(key(STOLEN)));

    // an answer, if only a 4.04, would mean that the connection is still there
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(device.register("</3/0>", DmWorld.query(name))).isEmpty();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.device(sleeper).revocation()).contains(DeniedAuthorities.REASON));
    assertThat(world.device(name).revocation()).contains(DeniedAuthorities.REASON);
    assertThat(world.device(other).revocation()).isEmpty();
    assertThat(world.device(foreign).revocation()).isEmpty();
    assertThat(bystander.update(bystanders).getCode()).isEqualTo(ResponseCode.CHANGED);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.events)
                    .filteredOn(event -> event.type().equals("device.revoked"))
                    .extracting(FleetEvent::endpointName)
                    .containsExactlyInAnyOrder(Optional.of(name), Optional.of(sleeper)));

    // somebody's word counts more, and is not taken back
    Devices devices =
        new Devices(world.state, new Withdrawal(world.state, world.stores.values()), world.clock);
    devices.restore(sleeper, new IfMatch(Optional.empty()));
    save(List.of(key(STOLEN)));
    assertThat(bystander.update(bystanders).getCode()).isEqualTo(ResponseCode.CHANGED);
    await().during(Duration.ofSeconds(1)).until(() -> world.device(sleeper).revocation().isEmpty());

    // who was revoked for another reason is still its CA's device
    devices.revoke(other, new IfMatch(Optional.empty()), "stolen");
    devices.restore(other, new IfMatch(Optional.empty()));
    assertThat(world.device(other).revocation()).isEmpty();
    assertThat(world.device(other).authority()).contains(key(KEPT));
  }

  private static EndpointName vouchedFor(String maker, Authority authority) {
    EndpointName name = DmWorld.newName();
    Device device = DmWorld.device(name, DeviceState.BOOTSTRAPPED, maker);
    world.put(device.vouchedForBy(Optional.of(key(authority))));
    return name;
  }

  private static String key(Authority authority) {
    return Certificates.keySha256(authority.certificate());
  }

  private static void save(List<String> deniedKeys) {
    save(
        new Manufacturer(
            "maker",
            "maker",
            State.ACTIVE,
            List.of(PemFiles.toPem(STOLEN.certificate()), PemFiles.toPem(KEPT.certificate())),
            IdentityRule.COMMON_NAME,
            "urn:dev:ops:00D0FE-",
            Map.of(),
            0,
            deniedKeys,
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  /** The manufacturer of this one device. */
  private static void become(EndpointName name, State state) {
    String id = "maker-" + name.value().substring(name.value().length() - 4);
    save(
        new Manufacturer(
            id,
            id,
            state,
            List.of(),
            IdentityRule.COMMON_NAME,
            name.value(),
            Map.of(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
  }

  /** As the API does it. */
  private static void save(Manufacturer manufacturer) {
    String id = manufacturer.id();
    world.state.commit(
        Change.in(id)
            .put(Kinds.MANUFACTURER, id, Change.ANY_VERSION, manufacturer)
            .event(
                new FleetEvent(
                    Instant.now(),
                    "manufacturer.changed",
                    Optional.empty(),
                    Optional.of(id),
                    Map.of("id", id, "change", "saved")))
            .build());
  }
}
