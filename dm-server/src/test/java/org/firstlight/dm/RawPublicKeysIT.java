package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that come with a raw public key, beside those with a certificate or a PSK. */
class RawPublicKeysIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String LINKS = "</1/0>,</3/0>";
  private static final String NOBODYS = "its raw public key is no device's here, or no longer";

  @TempDir static Path directory;
  private static DmWorld world;

  @BeforeAll
  static void start() throws Exception {
    int port;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    world = DmWorld.atPort(directory, port);
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
  void one_port_takes_raw_public_key_certificate_and_psk() {
    EndpointName raw = world.bootstrapped();
    EndpointName certified = world.bootstrapped();
    EndpointName keyed = world.bootstrapped();

    TestDevice device = world.connect(world.handOverRawKey(raw));
    String id = DmWorld.register(device, raw);
    DmWorld.register(world.connect(world.issue(certified)), certified);
    DmWorld.register(world.connectWithPsk(keyed, false), keyed);

    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(world.device(raw).state()).isEqualTo(DeviceState.REGISTERED);
    assertThat(stored(raw)).isPresent();
  }

  @Test
  void key_that_no_bootstrap_handed_over_is_refused_at_the_handshake_and_shown() {
    EndpointName name = world.bootstrapped();
    KeyPair unknown = DmWorld.keys();

    assertThat(world.connect(unknown).register(LINKS, DmWorld.query(name))).isEmpty();

    assertRefused(unknown, NOBODYS);
  }

  @Test
  void hint_alone_lets_nobody_in() {
    EndpointName name = world.bootstrapped();
    KeyPair keys = DmWorld.keys();
    String hash = Certificates.keySha256(keys.getPublic());
    world.state.commit(
        Change.in(hash).put(Kinds.BY_KEY, hash, Change.ANY_VERSION, new Hint(name)).build());

    assertThat(world.connect(keys).register(LINKS, DmWorld.query(name))).isEmpty();

    assertRefused(keys, NOBODYS);
  }

  @Test
  void key_on_another_curve_is_refused_though_its_hash_is_known() throws Exception {
    EndpointName name = world.bootstrapped();
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPair wide = generator.generateKeyPair();
    world.handOver(name, OperationalCertificate.currentId(1), wide.getPublic());

    assertThat(world.connect(wide).register(LINKS, DmWorld.query(name))).isEmpty();

    assertRefused(wide, "its raw public key is not on P-256");
  }

  @Test
  void key_of_another_endpoint_registers_nobody() {
    EndpointName victim = world.bootstrapped();
    EndpointName thief = world.bootstrapped();
    TestDevice device = world.connect(world.handOverRawKey(thief));

    Response response = device.register(LINKS, DmWorld.query(victim)).orElseThrow();

    assertThat(response.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
    assertThat(stored(victim)).isEmpty();
  }

  @Test
  void device_that_was_revoked_is_shut_out_and_comes_in_again_once_it_is_restored() {
    EndpointName name = world.bootstrapped();
    KeyPair keys = world.handOverRawKey(name);
    TestDevice device = world.connect(keys);
    String id = DmWorld.register(device, name);

    world.revoke(name);

    assertThat(stored(name)).isEmpty();
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(device.register(LINKS, DmWorld.query(name))).isEmpty();
    assertRefused(keys, "this device is revoked or retired");

    world.put(world.device(name).withRevocation(Optional.empty()));
    DmWorld.register(device, name);
  }

  @Test
  void key_that_a_bootstrap_took_the_place_of_is_good_no_longer() {
    EndpointName name = world.bootstrapped();
    KeyPair first = world.handOverRawKey(name);
    TestDevice before = world.connect(first);
    String id = DmWorld.register(before, name);
    TestDevice after = world.connect(world.handOverRawKey(name));

    world.finishBootstrap(name, Instant.now().plusMillis(1));

    assertThat(before.update(id).getCode()).isEqualTo(ResponseCode.NOT_FOUND);
    assertThat(before.register(LINKS, DmWorld.query(name)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.FORBIDDEN);
    DmWorld.register(after, name);
    assertThat(world.connect(first).register(LINKS, DmWorld.query(name))).isEmpty();
    assertRefused(first, NOBODYS);
  }

  @Test
  void key_that_is_being_handed_over_takes_the_place_of_the_current_one() {
    EndpointName name = world.bootstrapped();
    KeyPair old = world.handOverRawKey(name);
    KeyPair next = world.handOverRawKey(name, OperationalCertificate.nextId(1));

    DmWorld.register(world.connect(next), name);

    assertThat(world.state.findAll(Kinds.RAW_PUBLIC_KEY, name.value())).hasSize(1);
    assertThat(world.connect(old).register(LINKS, DmWorld.query(name))).isEmpty();
  }

  @Test
  void redis_that_goes_away_takes_no_key_away() {
    EndpointName name = world.bootstrapped();
    KeyPair keys = world.handOverRawKey(name);
    AtomicBoolean armed = new AtomicBoolean();
    world.restartServer(
        records -> LookUps.acting(records, Kinds.BY_KEY, armed, () -> world.signalRedis("STOP")));
    TestDevice device = world.connect(keys);
    try {
      armed.set(true);
      assertThat(device.register(LINKS, DmWorld.query(name))).isEmpty();
      assertThat(armed).isFalse();
    } finally {
      world.signalRedis("CONT");
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(device.register(LINKS, DmWorld.query(name)))
                    .hasValueSatisfying(
                        answer -> assertThat(answer.getCode()).isEqualTo(ResponseCode.CREATED)));
    assertThat(reasons(keys)).doesNotContain(NOBODYS);
    world.restartServer();
  }

  @Test
  void connections_go_on_over_a_clean_restart_but_for_keys_that_ended_meanwhile() {
    EndpointName name = world.bootstrapped();
    EndpointName other = world.bootstrapped();
    TestDevice device = world.connect(world.handOverRawKey(name));
    TestDevice gone = world.connect(world.handOverRawKey(other));
    String id = DmWorld.register(device, name);
    String ending = DmWorld.register(gone, other);

    world.stopServer();
    world.state.commit(
        Change.in(other.value())
            .delete(Kinds.RAW_PUBLIC_KEY, OperationalCertificate.currentId(1), Change.ANY_VERSION)
            .build());
    world.startAgain();

    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(world.handshakes()).isZero();
    assertThat(gone.tryUpdate(ending)).isEmpty();
  }

  private static void assertRefused(KeyPair keys, String reason) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(reasons(keys)).contains(reason));
  }

  private static List<String> reasons(KeyPair keys) {
    String subject = "raw public key sha256:" + Certificates.keySha256(keys.getPublic());
    return world.events.stream()
        .filter(event -> event.type().equals("handshake.failed"))
        .filter(event -> subject.equals(event.details().get("subject")))
        .map(event -> event.details().getOrDefault("reason", ""))
        .toList();
  }
}
