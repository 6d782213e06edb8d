package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.dtls.resumption.ConnectionStoreResumptionVerifier;
import org.firstlight.dm.transport.OperationalCertificateVerifier;
import org.firstlight.dm.transport.RawKeyHolders;
import org.firstlight.fleet.credential.SavedConnectionsKey;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.kit.dtls.DtlsServer;
import org.firstlight.kit.dtls.HandshakeListener;
import org.firstlight.kit.dtls.HandshakeReport;
import org.firstlight.kit.dtls.SavedConnections;
import org.firstlight.kit.dtls.Withdrawals;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DTLS connections over a restart of the server: carried on once, and never twice. */
class RestartIT {
  private static final int DEVICES = 4;

  @TempDir private Path directory;
  private DmWorld world;
  private final List<Nat> nats = new ArrayList<>();
  private final List<TestDevice> devices = new ArrayList<>();
  private final List<EndpointName> names = new ArrayList<>();
  private final List<String> registrations = new ArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    int port;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    world = DmWorld.atPort(directory, port);
    for (int i = 0; i < DEVICES; i++) {
      EndpointName name = world.bootstrapped();
      Nat nat = new Nat(world.server.coapsAddress());
      TestDevice device = world.connect(world.issue(name), nat.address());
      names.add(name);
      nats.add(nat);
      devices.add(device);
      registrations.add(DmWorld.register(device, name));
    }
    assertThat(world.handshakes()).isEqualTo(DEVICES);
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
    nats.forEach(Nat::close);
    world.close();
  }

  private Path file() {
    return directory.resolve("data/dtls/n1.dm.connections");
  }

  private SavedConnections saved(Clock clock) {
    return new SavedConnections(
        "dm",
        world.config.node(),
        world.config.dataDirectory().resolve("dtls"),
        world.stores.records(),
        world.pki.keyEncryption(),
        clock);
  }

  /** What another start would take; it is thrown away. */
  private int taken(Clock clock) {
    DTLSConnector connector =
        new DtlsServer(
                world.pki::dmServer,
                new OperationalCertificateVerifier(
                    world.pki.operationalCa().certificate(),
                    new RawKeyHolders(world.stores.records()),
                    new Withdrawals(world.stores.records(), () -> Suspensions.NONE),
                    clock),
                Optional.empty(),
                new ConnectionStoreResumptionVerifier(),
                Optional.empty(),
                new HandshakeListener() {
                  @Override
                  public void established(InetSocketAddress address, long ms) {}

                  @Override
                  public void failed(HandshakeReport report) {}
                },
                world.config.handshakes(),
                1)
            .connector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try {
      return saved(clock).takeInto(connector);
    } finally {
      connector.destroy();
      assertThat(file()).as("nothing is left for a later start").doesNotExist();
    }
  }

  private int taken() {
    return taken(Clock.systemUTC());
  }

  @Test
  void devices_go_on_where_they_were_after_a_clean_restart_from_other_addresses_too() {
    world.restartServer();
    for (int i = 0; i < DEVICES; i++) {
      if (i % 2 == 0) {
        nats.get(i).forget();
      }
      assertThat(devices.get(i).update(registrations.get(i)).getCode())
          .isEqualTo(ResponseCode.CHANGED);
    }
    // and once more, for what is carried on must not begin anew either
    world.restartServer();
    for (int i = 0; i < DEVICES; i++) {
      assertThat(devices.get(i).update(registrations.get(i)).getCode())
          .isEqualTo(ResponseCode.CHANGED);
    }
    assertThat(world.handshakes()).as("nobody shook hands again").isZero();
    assertThat(file()).doesNotExist();
  }

  /** Nothing was saved, as after a hard kill. */
  private void endWithoutAWord() throws Exception {
    world.stopServer();
    Files.delete(file());
    world.startAgain();
  }

  private static String sessionOf(Response response) {
    return response.getSourceContext().get(DtlsEndpointContext.KEY_SESSION_ID).getAsString();
  }

  @Test
  void sessions_are_resumed_after_an_end_without_a_word_and_again_after_the_next()
      throws Exception {
    TestDevice device = devices.get(0);
    String session = sessionOf(device.update(registrations.get(0)));
    for (int i = 0; i < 2; i++) {
      endWithoutAWord();
      device.resumesItsSession();
      Response answer = device.update(registrations.get(0));
      assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
      assertThat(sessionOf(answer)).as("no whole handshake").isEqualTo(session);
    }
  }

  @Test
  void session_by_psk_is_resumed_after_an_end_without_a_word() throws Exception {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connectWithPsk(name, false);
    String registration = DmWorld.register(device, name);
    String session = sessionOf(device.update(registration));
    endWithoutAWord();
    device.resumesItsSession();
    assertThat(sessionOf(device.update(registration))).isEqualTo(session);
  }

  @Test
  void session_of_a_device_that_was_revoked_meanwhile_is_not_resumed() throws Exception {
    world.stopServer();
    Files.delete(file());
    world.revoke(names.get(0));
    world.startAgain();
    devices.get(0).resumesItsSession();
    assertThat(devices.get(0).tryUpdate(registrations.get(0))).isEmpty();
  }

  @Test
  void session_that_cannot_be_read_costs_a_whole_handshake_and_no_more() throws Exception {
    TestDevice device = devices.get(0);
    String session = sessionOf(device.update(registrations.get(0)));
    world
        .stores
        .sessions()
        .keep(session, world.pki.keyEncryption().encrypt(new byte[9], "other"), Duration.ofHours(1))
        .toCompletableFuture()
        .join();
    endWithoutAWord();
    device.resumesItsSession();
    Response answer = device.update(registrations.get(0));
    assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(sessionOf(answer)).isNotEqualTo(session);
  }

  @Test
  void what_is_saved_is_unreadable_and_taken_once_a_copy_is_not() throws Exception {
    world.stopServer();
    byte[] kept = Files.readAllBytes(file());
    assertThat(new String(kept, StandardCharsets.ISO_8859_1))
        .doesNotContain("urn:dev:ops", "Firstlight");
    assertThat(Files.getPosixFilePermissions(file())).hasSize(2);

    assertThat(taken()).isEqualTo(DEVICES);
    assertThat(taken()).as("a second start").isZero();
    Files.write(file(), kept);
    assertThat(taken()).as("a restored copy").isZero();
  }

  @Test
  void file_of_an_earlier_stop_is_not_taken_in_the_place_of_the_last_one() throws Exception {
    world.stopServer();
    byte[] early = Files.readAllBytes(file());
    world.startAgain();
    assertThat(devices.get(0).update(registrations.get(0)).getCode())
        .isEqualTo(ResponseCode.CHANGED);
    world.stopServer();
    Files.write(file(), early);
    assertThat(taken()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void file_that_was_changed_or_lost_is_not_taken(boolean lost) throws Exception {
    world.stopServer();
    byte[] bytes = Files.readAllBytes(file());
    bytes[bytes.length / 2] ^= 1;
    Files.write(file(), bytes);
    if (lost) {
      Files.delete(file());
    }
    assertThat(taken()).isZero();
  }

  @Test
  void file_whose_hash_was_forged_in_state_does_not_open() throws Exception {
    world.stopServer();
    byte[] bytes = Files.readAllBytes(file());
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
    Files.write(file(), cut);
    String id = world.config.node() + "/dm";
    SavedConnectionsKey key = world.state.find(Kinds.SAVED_CONNECTIONS, id).orElseThrow().value();
    String sha256 = Certificates.hexSha256(cut);
    world.state.commit(
        Change.in(id)
            .put(
                Kinds.SAVED_CONNECTIONS,
                id,
                Change.ANY_VERSION,
                new SavedConnectionsKey(
                    key.key(), sha256, key.savedAt(), key.nanoTime(), key.count()))
            .build());
    assertThat(taken()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT5M", "P8D"})
  void clock_that_was_set_back_and_a_week_that_went_by_are_refused(Duration off) {
    world.stopServer();
    assertThat(taken(Clock.offset(Clock.systemUTC(), off))).isZero();
  }
}
