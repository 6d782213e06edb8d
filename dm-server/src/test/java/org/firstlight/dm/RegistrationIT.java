package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Register, Update and De-register over real DTLS and a real Redis, and what is refused. */
class RegistrationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String LINKS = "</1/0>,</3/0>";

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

  private static Optional<Registration> stored(EndpointName name) {
    return DmWorld.await(world.stores.registrations().find(1, name));
  }

  @Test
  void register_with_more_links_than_are_stored_is_too_large() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String links = "</1/0>,".repeat(2_400) + "</3/0>";

    assertThat(device.register(links, DmWorld.query(name)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
  }

  @Test
  void bootstrapped_device_registers_updates_and_deregisters() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));

    String id = DmWorld.register(device, name, "lt=300", "b=U");

    assertThat(id.length()).isLessThanOrEqualTo(12);
    assertThat(stored(name).orElseThrow().lifetime()).isEqualTo(Duration.ofSeconds(300));
    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
    assertThat(world.step(name, "register").orElseThrow().details())
        .isEqualTo(Map.of("account", "1", "version", "1.1"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              FleetEvent event = world.events(name, "device.registered").get(0);
              assertThat(event.tenant()).contains(DmWorld.OWNER);
              assertThat(world.events(name, "journey.step")).isNotEmpty();
            });

    assertThat(device.update(id, "lt=600").getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(stored(name).orElseThrow().lifetime()).isEqualTo(Duration.ofSeconds(600));

    assertThat(device.deregister(id).getCode()).isEqualTo(ResponseCode.DELETED);
    assertThat(stored(name)).isEmpty();
    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void live_connection_of_a_device_that_is_revoked_ends_and_it_gets_no_other(boolean psk) {
    EndpointName name = world.bootstrapped();
    TestDevice device = psk ? world.connectWithPsk(name, false) : world.connect(world.issue(name));
    TestDevice bystander = connectedBystander();
    String id = DmWorld.register(device, name);
    assertThat(device.tryUpdate(id)).isPresent();

    revoke(
        name,
        Change.in(name.value())
            .event(FleetEvent.of(Instant.now(), "device.revoked", name, Map.of())));

    // an answer, if only a 4.03, would mean that the connection is still there
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(device.register(LINKS, DmWorld.query(name))).isEmpty();
    assertThat(bystander.update("00nothere").getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(world.events)
        .anySatisfy(
            event -> {
              assertThat(event.type()).isEqualTo("handshake.failed");
              assertThat(event.details().get("subject")).contains(name.value());
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void session_of_a_device_that_is_revoked_is_not_resumed(boolean psk) {
    EndpointName name = world.bootstrapped();
    TestDevice device = psk ? world.connectWithPsk(name, false) : world.connect(world.issue(name));
    String id = DmWorld.register(device, name);
    device.resumesItsSession();
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);

    // no event tells of it: the connection that it has is not ended
    revoke(name, Change.in(name.value()));
    device.resumesItsSession();

    assertThat(device.tryUpdate(id)).isEmpty();
  }

  private static void revoke(EndpointName name, Change.Builder change) {
    world.state.commit(
        change
            .put(
                Kinds.DEVICE,
                name.value(),
                Change.ANY_VERSION,
                world.device(name).withRevocation(Optional.of("stolen")))
            .build());
  }

  private static TestDevice connectedBystander() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    DmWorld.register(device, name);
    return device;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"</3/0", "3/0", "</3/0>;ver=", "</70000/0>", "</3/0>,,</4/0>", "</3/x>", "<//>"})
  void malformed_links_are_refused_with_the_reason(String links) {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));

    Response response = device.register(links, DmWorld.query(name)).orElseThrow();

    assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
    assertThat(response.getPayloadString()).startsWith("object links: ");
    assertThat(stored(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "</3/0>;ver=1.1", "</lwm2m>;rt=\"oma.lwm2m\",</lwm2m/3/0>", "</3>"})
  void odd_links_of_real_clients_are_taken(String links) {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));

    assertThat(device.register(links, DmWorld.query(name)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.CREATED);
  }

  @ParameterizedTest
  @CsvSource({"1.0,2.01", "1.1,2.01", "1.2,2.01", "2.0,4.12", "nonsense,4.12"})
  void version_decides(String version, String code) {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));

    Response response =
        device.register(LINKS, DmWorld.query(name, "lwm2m=" + version)).orElseThrow();

    assertThat(response.getCode().toString()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"lt=soon", "lt=99999999999", "b=carrier-pigeon", "ep=twice"})
  void malformed_parameters_are_refused(String parameter) {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));

    assertThat(device.register(LINKS, DmWorld.query(name, parameter)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.BAD_REQUEST);
  }

  @Test
  void unknown_id_and_somebody_elses_are_the_same() {
    EndpointName name = world.bootstrapped();
    EndpointName other = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String foreign = DmWorld.register(world.connect(world.issue(other)), other);

    assertThat(device.update("00nothere").getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(device.update(foreign, "lt=1").getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(device.deregister(foreign).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(stored(other)).isPresent();
  }

  @Test
  void device_whose_lifetime_ends_is_lost_until_it_registers_again() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    DmWorld.register(device, name, "lt=1");

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(world.device(name).state()).isEqualTo(DeviceState.LOST));
    assertThat(stored(name)).isEmpty();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(world.events(name, "device.lost")).hasSize(1));

    DmWorld.register(device, name);
    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
  }

  @Test
  void device_that_is_faster_than_the_record_of_its_bootstrap_catches_up() {
    EndpointName name = world.device(DeviceState.CLAIMED);
    Instant begun = Instant.now();
    DmWorld.register(world.connect(world.issue(name)), name);
    assertThat(world.device(name).state()).isEqualTo(DeviceState.CLAIMED);

    Device finished =
        world.device(name).withLastSession("s1").become(DeviceState.BOOTSTRAPPED, Instant.now());
    BootstrapSession session =
        new BootstrapSession(
            "s1",
            name,
            begun,
            Optional.of(Instant.now()),
            "127.0.0.1:1",
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty());
    world.state.commit(
        Change.in(name.value())
            .put(Kinds.DEVICE, name.value(), Change.ANY_VERSION, finished)
            .put(Kinds.SESSION, "s1", Change.ANY_VERSION, session)
            .event(FleetEvent.of(Instant.now(), "device.bootstrapped", name, Map.of()))
            .build());

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED));
  }

  @Test
  void plain_coap_is_for_clients_that_were_let_in_without_security() {
    EndpointName open = DmWorld.newName();
    world.put(DmWorld.device(open, DeviceState.BOOTSTRAPPED, Device.CONNECTED));
    EndpointName secured = world.bootstrapped();
    TestDevice device = world.connectPlain();

    String id = DmWorld.register(device, open);
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(device.register(LINKS, DmWorld.query(secured)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
    String foreign = DmWorld.register(world.connect(world.issue(secured)), secured);
    assertThat(device.update(foreign).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
  }

  @Test
  void while_redis_is_away_devices_are_told_to_come_later_and_then_succeed() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String id = DmWorld.register(device, name);
    world.signalRedis("STOP");
    try {
      Response response = device.update(id);
      assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(response.getOptions().getMaxAge()).isPositive();
      assertThat(device.register(LINKS, DmWorld.query(name)).orElseThrow().getCode())
          .isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    } finally {
      world.signalRedis("CONT");
    }

    await().atMost(PATIENCE).until(() -> device.update(id).getCode() == ResponseCode.CHANGED);
    DmWorld.register(device, name);
  }

  @Test
  void registration_survives_a_restart_and_the_device_is_reached_once_heard_of() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice before = world.connect(credential);
    String id = DmWorld.register(before, name);
    before.close();
    world.restartServer();
    Operation read = new Operation.Read(LwM2mPath.parse("/3/0/0"));
    Principal by = Principal.platform("test");

    assertThat(DmWorld.await(world.server.operations().perform(name, 1, by, read)))
        .isInstanceOf(OperationResult.Failed.class);

    TestDevice after = world.connect(credential);
    after.tree.values.put(LwM2mPath.parse("/3/0/0"), new TypedValue.Text("Maker"));
    assertThat(after.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(DmWorld.await(world.server.operations().perform(name, 1, by, read)))
        .isInstanceOf(OperationResult.Done.class);
  }
}
