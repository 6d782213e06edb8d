package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.redis.RedisStores;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.StoredInstance;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An independent CoAP and DTLS stack meets both servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LibcoapIT {
  private static final String KEY = "printable-psk-16";
  private static final Pattern LOCATION =
      Pattern.compile("Location-Path:rd, Location-Path:([A-Za-z0-9_-]+)");

  private World world;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    world = World.ready(temporary, 2);
    world.cast().claim(world.device(0));
    world.cast().claim(world.device(1));
  }

  @AfterAll
  void end() {
    world.close();
  }

  Stream<CoapClient> clients() {
    return Stream.of("coap-client-openssl", "coap-client-gnutls")
        .map(program -> new CoapClient(program, folder));
  }

  private static void installed(CoapClient client) {
    assumeTrue(client.isInstalled(), client.program() + " of libcoap3-bin is not installed");
  }

  private String at(int port, String path) {
    return "coaps://127.0.0.1:" + port + path;
  }

  private String bootstrap(ShippedDevice device) {
    return at(world.bootstrapUri().getPort(), "/bs?ep=" + device.endpointName());
  }

  private String register(String endpointName) {
    return at(world.dmUri().getPort(), "/rd?ep=" + endpointName + "&lt=300&lwm2m=1.1&b=U");
  }

  private String update(String answer) {
    Matcher location = LOCATION.matcher(answer);
    assertThat(location.find()).as(answer).isTrue();
    return at(world.dmUri().getPort(), "/rd/" + location.group(1));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void a_factory_certificate_opens_the_bootstrap_server(CoapClient client) {
    installed(client);
    ShippedDevice device = world.device(0);
    DeviceFolder its =
        DeviceFolder.read(world.shipment().devicesFolder().resolve(device.endpointName().value()));

    String answer =
        client.post(
            client.withCertificate(its.certificate(), its.key(), world.serverCaFile()),
            bootstrap(device));

    assertThat(answer).contains("c:2.04");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void a_certificate_of_an_unknown_ca_is_refused_with_an_alert(CoapClient client) {
    installed(client);
    Authority nobody = Authority.create("Nobody's CA for " + client.program(), Instant.now());
    KeyPair pair = Authority.newKeyPair();
    X509Certificate odd =
        nobody.issue(
            pair.getPublic(),
            new Leaf(new X500Name("CN=odd"), Instant.now().minusSeconds(60), Authority.NEVER));

    String answer =
        client.post(
            client.withCertificate(odd, pair.getPrivate(), world.serverCaFile()),
            bootstrap(world.device(0)));

    assertThat(answer).doesNotContain("c:2.04").containsIgnoringCase("unknown");
    eventually(
        () ->
            assertThat(world.cast().administrator().get("/handshake-failures").path("items"))
                .anySatisfy(
                    failure ->
                        assertThat(failure.path("issuer").asText()).contains(client.program())));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void a_client_registers_and_updates_by_psk(CoapClient client) throws Exception {
    installed(client);
    EndpointName name = world.device(0).endpointName();
    List<String> psk = client.withPsk(printablePsk(name), KEY);

    String registered = client.post(psk, register(name.value()), "</1/0>,</3/0>");

    assertThat(registered).contains("c:2.01");
    registeredWith(name, "</1/0>");
    assertThat(client.post(psk, update(registered))).contains("c:2.04");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void a_client_registers_and_updates_by_certificate(CoapClient client) {
    installed(client);
    ShippedDevice device = world.device(1);
    List<String> certificate = operationalCertificate(client, device);

    String registered =
        client.post(certificate, register(device.endpointName().value()), "</1/0>,</3/0>,</5/0>");

    assertThat(registered).contains("c:2.01");
    registeredWith(device.endpointName(), "</5/0>");
    assertThat(client.post(certificate, update(registered))).contains("c:2.04");
  }

  @ParameterizedTest
  @MethodSource("clients")
  void a_long_object_list_comes_block_by_block(CoapClient client) throws Exception {
    installed(client);
    EndpointName name = world.device(0).endpointName();
    String links =
        IntStream.range(0, 200)
            .mapToObj("</3303/%d>"::formatted)
            .collect(Collectors.joining(",", "</1/0>,</3/0>,", ""));

    String answer =
        client.postInBlocks(
            client.withPsk(printablePsk(name), KEY), register(name.value()), links, 64);

    assertThat(answer).contains("c:2.01").contains("Block1:");
    registeredWith(name, "</3303/199>");
  }

  private void registeredWith(EndpointName name, String link) {
    JsonNode registration = world.seen(name.value(), "registrations").at("/items/0");
    assertThat(registration.path("objectLinks").asText()).contains(link);
  }

  /** The credential that a simulated device was given by its bootstrap, in the client's hands. */
  private List<String> operationalCertificate(CoapClient client, ShippedDevice device) {
    try (Thing thing = world.unpack(device)) {
      thing.switchOn().does("register");
      StoredInstance account = thing.tree().instance(DeviceTree.SECURITY, 1).orElseThrow();
      return client.withCertificate(
          PemFiles.certificate(account.value(3, byte[].class).orElseThrow()),
          PemFiles.privateKey(account.value(5, byte[].class).orElseThrow()),
          world.serverCaFile());
    }
  }

  /** Gives the device a PSK that can be typed; yields its identity. */
  private String printablePsk(EndpointName name) throws Exception {
    String identity = name + "#1#typed";
    try (RedisStores redis = world.redis().open()) {
      new BlockingState(redis.stores().records())
          .commit(
              Change.in(name.value())
                  .put(
                      Kinds.PSK,
                      identity,
                      Change.ANY_VERSION,
                      new PskRecord(
                          identity,
                          name,
                          1,
                          world
                              .keyEncryption()
                              .encrypt(
                                  KEY.getBytes(StandardCharsets.US_ASCII),
                                  PskRecord.keyContext(identity)),
                          Instant.now(),
                          false))
                  .build());
    }
    return identity;
  }
}
