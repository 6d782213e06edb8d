package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With which credential a device may register and renew, and with which no more. */
class RegistrationCredentialsIT {
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
  void client_with_an_operational_psk_registers() {
    EndpointName name = world.bootstrapped();

    DmWorld.register(world.connectWithPsk(name, false), name);

    assertThat(world.device(name).state()).isEqualTo(DeviceState.REGISTERED);
  }

  @Test
  void psk_for_bootstrap_does_not_open_this_server() {
    EndpointName name = world.bootstrapped();

    assertThat(world.connectWithPsk(name, true).register(LINKS, DmWorld.query(name))).isEmpty();
    assertThat(stored(name)).isEmpty();
  }

  @Test
  void redis_that_goes_away_between_two_look_ups_takes_no_psk_away() {
    EndpointName name = world.bootstrapped();
    AtomicBoolean armed = new AtomicBoolean();
    // its PSK is found, and whether the device was withdrawn is asked next
    world.restartServer(
        records -> LookUps.acting(records, Kinds.PSK, armed, () -> world.signalRedis("STOP")));
    TestDevice cut = world.connectWithPsk(name, false);
    try {
      armed.set(true);
      assertThat(cut.register(LINKS, DmWorld.query(name))).isEmpty();
      assertThat(armed).isFalse();
    } finally {
      world.signalRedis("CONT");
    }

    // the same device, with the same PSK: it was told nothing that would send it to bootstrap
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(cut.register(LINKS, DmWorld.query(name)))
                    .hasValueSatisfying(
                        answer -> assertThat(answer.getCode()).isEqualTo(ResponseCode.CREATED)));
    assertThat(world.events)
        .filteredOn(event -> event.type().equals("handshake.failed"))
        .filteredOn(event -> (name + "#1#abcd").equals(event.details().get("subject")))
        .extracting(event -> event.details().get("reason"))
        .doesNotContain("its PSK identity is not known here");
    world.restartServer();
  }

  @Test
  void factory_certificate_is_refused_at_the_handshake_and_shown() {
    EndpointName name = world.bootstrapped();
    Credential factory = TestCertificates.root("Factory CA").leaf("CN=" + name);

    assertThat(world.connect(factory).register(LINKS, DmWorld.query(name))).isEmpty();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.events)
                    .filteredOn(event -> event.type().equals("handshake.failed"))
                    .anySatisfy(
                        event ->
                            assertThat(event.details())
                                .containsEntry("server", "dm")
                                .containsEntry("subject", "CN=" + name)
                                .containsEntry("issuer", "CN=Factory CA")
                                .containsEntry("reason", "no trusted CA issued the certificate")));
    assertThat(stored(name)).isEmpty();
  }

  @Test
  void certificate_of_another_endpoint_is_refused() {
    EndpointName victim = world.bootstrapped();
    EndpointName thief = world.bootstrapped();
    TestDevice device = world.connect(world.issue(thief));

    Response response = device.register(LINKS, DmWorld.query(victim)).orElseThrow();

    assertThat(response.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(stored(victim)).isEmpty();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.events(thief, "device.refused"))
                    .first()
                    .satisfies(
                        event -> assertThat(event.details()).containsEntry("code", "FORBIDDEN")));
  }

  @Test
  void superseded_certificate_is_refused() {
    EndpointName name = world.bootstrapped();
    Credential old = world.issue(name);
    world.issue(name);

    Response response = world.connect(old).register(LINKS, DmWorld.query(name)).orElseThrow();

    assertThat(response.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(response.getPayloadString()).contains("newer certificate");
  }

  @Test
  void superseded_certificate_reaches_nothing_of_the_new_ones_registration() {
    EndpointName name = world.bootstrapped();
    TestDevice old = world.connect(world.issue(name));
    DmWorld.register(old, name);
    TestDevice device = world.connect(world.issue(name));
    String id = DmWorld.register(device, name);

    assertThat(old.update(id).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(old.deregister(id).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(old.sendData(112, new byte[] {(byte) 0x80}).getCode())
        .isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
  }

  @Test
  void certificate_that_is_being_handed_over_takes_the_place_of_the_current_one() {
    EndpointName name = world.bootstrapped();
    Credential old = world.issue(name);
    Credential next = world.issue(name, OperationalCertificate.nextId(1));

    DmWorld.register(world.connect(next), name);

    assertThat(world.state.findAll(Kinds.CERTIFICATE, name.value())).hasSize(1);
    assertThat(world.connect(old).register(LINKS, DmWorld.query(name)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void revoked_device_loses_its_registration_and_comes_in_again_once_it_is_restored() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String id = DmWorld.register(device, name);

    world.revoke(name);

    assertThat(stored(name)).isEmpty();
    // refused for as long as its connection stands, and unheard from then on
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(device.register(LINKS, DmWorld.query(name))).isEmpty();

    world.put(world.device(name).withRevocation(Optional.empty()));
    String again = DmWorld.register(device, name);
    assertThat(device.update(again).getCode()).isEqualTo(ResponseCode.CHANGED);
  }

  @Test
  void device_that_this_node_has_judged_is_judged_anew_once_its_records_changed() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    DmWorld.register(device, name);
    DmWorld.register(device, name);

    world.put(world.device(name).withRevocation(Optional.of("stolen")));

    assertThat(device.register(LINKS, DmWorld.query(name)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void credential_that_a_bootstrap_took_the_place_of_renews_no_registration() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String before = DmWorld.register(device, name);
    Instant sessionBegan = Instant.now().plusMillis(1);
    await().until(() -> Instant.now().isAfter(sessionBegan));
    String meanwhile = DmWorld.register(device, name);
    world.issue(name);

    world.finishBootstrap(name, sessionBegan);

    assertThat(device.update(before).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(device.update(meanwhile).getCode()).isEqualTo(ResponseCode.NOT_FOUND));
    assertThat(stored(name)).isEmpty();
    assertThat(device.register(LINKS, DmWorld.query(name)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
  }

  @Test
  void registration_before_a_bootstrap_ends_with_its_finish() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String id = DmWorld.register(device, name);

    world.finishBootstrap(name, Instant.now().plusMillis(1));

    assertThat(stored(name)).isEmpty();
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
  }
}
