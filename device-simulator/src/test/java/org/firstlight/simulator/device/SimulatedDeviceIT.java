package org.firstlight.simulator.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.request.CreateRequest;
import org.eclipse.leshan.core.request.ExecuteRequest;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.core.request.ReadRequest;
import org.eclipse.leshan.core.request.WriteRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;
import org.eclipse.leshan.server.registration.Registration;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.P256;
import org.firstlight.kit.subscription.ReceiptCheck;
import org.firstlight.kit.subscription.SubscriptionHeader;
import org.firstlight.kit.subscription.SubscriptionHeader.Action;
import org.firstlight.simulator.cloud.CloudListener;
import org.firstlight.simulator.connection.ServerAccounts;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.euicc.EuiccProcess;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.LwM2mRelease;
import org.firstlight.simulator.objects.StoredInstance;
import org.firstlight.simulator.operator.Sealer;
import org.firstlight.simulator.pem.PemFiles;
import org.firstlight.simulator.subscription.Subscription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device against Leshan's servers, over DTLS on loopback, with its eUICC in its own process. */
class SimulatedDeviceIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path factoryFolder;
  private static Shipment shipment;
  private static ShippedDevice device;
  private static EuiccProcess euicc;

  @TempDir Path folder;
  private final List<DeviceStep> steps = new CopyOnWriteArrayList<>();
  private final List<SimulatedFleet> running = new ArrayList<>();
  private LeshanServers servers;
  private String name = "";

  @BeforeAll
  static void make() throws Exception {
    shipment = new Factory(factoryFolder, Clock.systemUTC()).make(Order.of(1));
    device = shipment.devices().get(0);
    euicc = EuiccProcess.start(shipment.euiccFolder());
  }

  @AfterAll
  static void end() {
    euicc.close();
  }

  @BeforeEach
  void start() {
    servers = new LeshanServers(PemFiles.readCertificate(shipment.manufacturerCa()));
    servers.addDmServer();
    name = device.endpointName().value();
  }

  @AfterEach
  void stop() {
    running.forEach(SimulatedFleet::close);
    servers.close();
  }

  @Test
  void factory_fresh_device_gets_account_networks_and_subscription_and_registers()
      throws Exception {
    SubscriptionHeader header = header();
    byte[] sealed = seal(header);
    plan(
        servers.account(0, name),
        List.of(
            LeshanServers.write(
                "/13/0",
                new LwM2mObjectInstance(
                    0,
                    LwM2mSingleResource.newStringResource(6, "26201,00101"),
                    LwM2mSingleResource.newBooleanResource(7, false))),
            LeshanServers.writeOpaque("/505/0/3", sealed)));
    switchOn(options());

    Registration registration = registered();
    assertThat(registration.getLwM2mVersion()).hasToString("1.1");
    assertThat(registration.getAvailableInstances())
        .extracting(Object::toString)
        .contains("/505/0", "/13/0");
    assertThat(read(registration, "/13/0/6")).isEqualTo("26201,00101");
    assertThat(read(registration, "/505/0/7")).isEqualTo(1L);
    assertThat(read(registration, "/505/0/15")).isEqualTo(device.eid().value());
    byte[] receipt = (byte[]) read(registration, "/505/0/26241");
    assertThat(
            new ReceiptCheck(
                    List.of(PemFiles.readCertificate(shipment.euiccRoot())), Clock.systemUTC())
                .check(
                    receipt,
                    new ReceiptCheck.Expected(
                        device.eid(),
                        header.packageId(),
                        Certificates.hexSha256(sealed),
                        header.counter())))
        .isInstanceOf(ReceiptCheck.Verified.class);
    assertThat(steps)
        .extracting(DeviceStep::name)
        .containsSubsequence(
            "claim-code", "handshake", "bootstrap-finish", "bootstrap", "subscription", "register");
  }

  @Test
  void claim_code_is_printed_and_never_sent() {
    plan(servers.account(0, name));
    switchOn(options());
    Registration registration = registered();

    assertThat(steps.get(0).details()).containsEntry("claimCode", device.claimCode());
    assertThat(registration.toString()).doesNotContain(device.claimCode());
  }

  @Test
  void psk_account_works_as_well() {
    plan(servers.pskAccount(0, name, "psk-identity", new byte[16]));
    switchOn(options());

    assertThat(registered().getEndpoint()).isEqualTo(name);
  }

  @Test
  void device_of_release_1_0_says_so_and_is_read() throws Exception {
    plan(servers.account(0, name));
    switchOn(options().with(LwM2mRelease.V1_0));

    Registration registration = registered();
    assertThat(registration.getLwM2mVersion()).hasToString("1.0");
    assertThat(read(registration, "/3/0/1")).isEqualTo("FL-1");
  }

  @Test
  void max_age_of_a_5_03_is_obeyed() {
    servers.unavailable.set(1);
    servers.maxAge = Duration.ofSeconds(3);
    plan(servers.account(0, name));
    switchOn(options());
    registered();

    Duration waited =
        Duration.between(servers.bootstrapRequests.get(0), servers.bootstrapRequests.get(1));
    assertThat(waited).isGreaterThan(Duration.ofMillis(2900));
    assertThat(named("waiting")).hasSize(1);
  }

  @Test
  void bootstrap_connection_is_kept_and_used_again() throws Exception {
    plan(servers.account(0, name));
    switchOn(options());
    Registration registration = registered();

    assertThat(servers.dm(0).send(registration, new ExecuteRequest("/1/0/9"), 10_000).isSuccess())
        .isTrue();
    await().atMost(SOON).until(() -> named("register").size() == 2);

    assertThat(servers.bootstrapPeers).hasSize(2);
    assertThat(servers.bootstrapPeers.get(0)).isEqualTo(servers.bootstrapPeers.get(1));
    assertThat(named("handshake"))
        .filteredOn(step -> "bootstrap".equals(step.details().get("server")))
        .hasSize(1);
  }

  @Test
  void accounts_that_make_no_sense_are_answered_4_06_and_taken_back() {
    List<BootstrapDownlinkRequest<? extends LwM2mResponse>> account = servers.account(0, name);
    plan(account.subList(0, 1));
    switchOn(options());
    await().atMost(SOON).until(() -> !named("bootstrap-finish").isEmpty());

    assertThat(named("bootstrap-finish").get(0).details()).containsEntry("code", "4.06");
    plan(account);
    assertThat(registered().getEndpoint()).isEqualTo(name);
  }

  @Test
  void keys_of_an_account_that_do_not_fit_together_are_a_fault() {
    plan(servers.account(0, name));
    switchOn(options());
    registered();
    KeyPair own = P256.newPair();
    KeyPair other = P256.newPair();
    KeyPair wide = onP384();
    byte[] server = spki(P256.newPair());
    byte[] none = new byte[0];
    byte[] foreign = Certificates.der(servers.serverCa.certificate());

    assertThat(faults(1, spki(own), server, pkcs8(own))).isEmpty();
    assertThat(faults(1, spki(own), server, pkcs8(other))).contains("the secret key is not");
    assertThat(faults(1, spki(wide), server, pkcs8(wide))).contains("on P-256");
    assertThat(faults(1, spki(own), spki(wide), pkcs8(own))).contains("on P-256");
    assertThat(faults(1, spki(own), none, pkcs8(own))).contains("/4 is not a public key");
    assertThat(faults(1, spki(own), server, none)).contains("/5");
    assertThat(faults(1, pkcs8(own), server, pkcs8(own))).contains("/3 is not a public key");
    assertThat(faults(2, foreign, foreign, none)).contains("the secret key is not");
  }

  /** What is wrong with the account if it is told so, in words. */
  private String faults(long mode, byte[] identity, byte[] trust, byte[] secret) {
    DeviceTree tree = running.get(0).devices().get(0).tree();
    StoredInstance security = tree.instance(DeviceTree.SECURITY, 1).orElseThrow();
    security.set(2, mode);
    security.set(3, identity);
    security.set(4, trust);
    security.set(5, secret);
    return String.join("; ", ServerAccounts.read(tree).faults());
  }

  private static KeyPair onP384() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp384r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] spki(KeyPair keys) {
    return keys.getPublic().getEncoded();
  }

  private static byte[] pkcs8(KeyPair keys) {
    return keys.getPrivate().getEncoded();
  }

  @Test
  void value_out_of_range_is_refused() {
    plan(
        servers.account(0, name),
        List.of(
            LeshanServers.write(
                "/13/0",
                new LwM2mObjectInstance(0, LwM2mSingleResource.newIntegerResource(3, 5000)))));
    switchOn(options());
    registered();

    assertThat(named("bootstrap-write"))
        .filteredOn(step -> "/13/0".equals(step.details().get("path")))
        .singleElement()
        .satisfies(step -> assertThat(step.details()).containsEntry("code", "4.00"));
  }

  @Test
  void hundred_kilobytes_arrive_block_by_block_and_two_hundred_are_refused() throws Exception {
    plan(
        servers.account(0, name),
        List.of(
            LeshanServers.writeOpaque("/505/0/3", new byte[200 * 1024]),
            LeshanServers.writeOpaque("/505/0/3", new byte[100 * 1024])));
    switchOn(options());

    Registration registration = registered();
    assertThat(named("bootstrap-write"))
        .filteredOn(step -> "/505/0/3".equals(step.details().get("path")))
        .extracting(step -> step.details().get("code"))
        .containsExactly("2.04"); // the other one did not get past CoAP
    assertThat(read(registration, "/505/0/7")).isEqualTo(6L); // no sealed package
  }

  @Test
  void bootstrap_server_without_the_right_name_is_not_spoken_to() {
    URI byAddress = URI.create("coaps://127.0.0.1:" + servers.bootstrapUri().getPort());
    switchOn(DeviceOptions.of(byAddress, servers.serverCa.certificate()).with(Timing.fast()));

    await().atMost(SOON).until(() -> !named("handshake").isEmpty());
    assertThat(String.valueOf(named("handshake").get(0).details().get("reason")))
        .contains("does not name 127.0.0.1");
    assertThat(servers.bootstrapRequests).isEmpty();
  }

  @Test
  void bootstrap_server_of_another_ca_is_not_spoken_to() {
    switchOn(
        DeviceOptions.of(servers.bootstrapUri(), servers.operationalCa.certificate())
            .with(Timing.fast()));

    await().atMost(SOON).until(() -> !named("handshake").isEmpty());
    assertThat(named("handshake")).noneMatch(DeviceStep::ok);
    assertThat(servers.bootstrapRequests).isEmpty();
  }

  @Test
  void forgotten_registration_is_made_anew() {
    plan(servers.account(0, name));
    SimulatedFleet fleet = switchOn(options());
    Registration first = registered();
    servers.dm(0).getRegistrationStore().removeRegistration(first.getId());

    fleet.devices().get(0).update(LeshanServers.shortServerId(0));

    await().atMost(SOON).until(() -> named("register").size() == 2);
    assertThat(registered().getId()).isNotEqualTo(first.getId());
  }

  @Test
  void new_lifetime_and_new_instance_are_told_by_an_update() throws Exception {
    plan(servers.account(0, name));
    switchOn(options());

    write(registered(), new WriteRequest(1, 0, 1, 4000));
    await().atMost(SOON).until(() -> registered().getLifeTimeInSec().equals(4000L));
    servers
        .dm(0)
        .send(
            registered(),
            new CreateRequest(
                11,
                new LwM2mObjectInstance(
                    5,
                    LwM2mSingleResource.newStringResource(0, "meter"),
                    LwM2mSingleResource.newIntegerResource(4, 3))),
            10_000);

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(registered().getAvailableInstances())
                    .extracting(Object::toString)
                    .contains("/11/5"));
  }

  @Test
  void observed_value_is_notified_when_it_changes() throws Exception {
    plan(servers.account(0, name));
    switchOn(options());
    List<Object> notified = new CopyOnWriteArrayList<>();
    servers.onNotify(
        0, response -> notified.add(((LwM2mResource) response.getContent()).getValue()));
    servers.dm(0).send(registered(), new ObserveRequest(3, 0, 15), 10_000);

    write(registered(), new WriteRequest(3, 0, 15, "Europe/Berlin"));

    await().atMost(SOON).until(() -> notified.contains("Europe/Berlin"));
  }

  @Test
  void rebooted_device_registers_again_and_a_reset_one_bootstraps_again() throws Exception {
    plan(servers.account(0, name));
    switchOn(options());

    servers.dm(0).send(registered(), new ExecuteRequest("/3/0/4"), 10_000);
    await().atMost(SOON).until(() -> named("register").size() == 2);
    assertThat(servers.bootstrapRequests).hasSize(1);
    servers.dm(0).send(registered(), new ExecuteRequest("/3/0/5"), 10_000);
    await().atMost(SOON).until(() -> named("register").size() == 3);

    assertThat(servers.bootstrapRequests).hasSize(2);
  }

  @Test
  void two_servers_are_registered_with_side_by_side() {
    servers.addDmServer();
    plan(servers.account(0, name), servers.account(1, name));
    switchOn(options());

    await()
        .atMost(SOON)
        .until(
            () ->
                servers.registration(0, name).isPresent()
                    && servers.registration(1, name).isPresent());
  }

  @Test
  void restarted_device_registers_without_a_new_bootstrap() {
    plan(servers.account(0, name));
    SimulatedFleet first = switchOn(options(), Optional.of(folder));
    registered();
    await().atMost(SOON).until(() -> !named("register").isEmpty()); // the device knows it, too
    first.close();
    running.clear();
    assertThat(servers.registration(0, name)).isEmpty(); // it said goodbye
    assertThat(Files.exists(folder.resolve(name + ".state"))).isTrue();

    switchOn(options(), Optional.of(folder));

    registered();
    assertThat(servers.bootstrapRequests).hasSize(1);
  }

  @Test
  void account_that_leads_nowhere_ends_in_a_new_bootstrap() {
    servers.addDmServer();
    plan(servers.account(1, name));
    servers.dm(1).destroy();
    Timing impatient =
        new Timing(
            Duration.ofMillis(100),
            1,
            Duration.ofSeconds(8),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            2);
    switchOn(options().with(impatient));
    await().atMost(SOON).until(() -> servers.bootstrapRequests.size() >= 2);

    plan(servers.account(0, name));

    registered();
  }

  @Test
  void cloud_credential_written_to_19_is_used_and_only_the_right_one_let_in() throws Exception {
    byte[] credential = "an opaque credential".getBytes(UTF_8);
    try (CloudListener cloud = CloudListener.start(credential)) {
      plan(servers.account(0, name));
      switchOn(options().usingCloud(cloud.uri()));

      writeCredential("a wrong one".getBytes(UTF_8));
      await().atMost(SOON).until(() -> cloud.refused() == 1);
      assertThat(cloud.accepted()).isEmpty();
      writeCredential(credential);

      await().atMost(SOON).until(() -> cloud.accepted().equals(List.of(name)));
    }
  }

  private void writeCredential(byte[] credential) throws Exception {
    write(
        registered(),
        new WriteRequest(ContentFormat.TLV, 19, 0, 0, Map.of(0, credential), Type.OPAQUE));
  }

  @SafeVarargs
  private void plan(List<BootstrapDownlinkRequest<? extends LwM2mResponse>>... parts) {
    List<BootstrapDownlinkRequest<? extends LwM2mResponse>> all =
        new ArrayList<>(LeshanServers.deletes());
    for (List<BootstrapDownlinkRequest<? extends LwM2mResponse>> part : parts) {
      all.addAll(part);
    }
    servers.plan = List.copyOf(all);
  }

  private DeviceOptions options() {
    return DeviceOptions.of(servers.bootstrapUri(), servers.serverCa.certificate())
        .with(Timing.fast());
  }

  private SimulatedFleet switchOn(DeviceOptions options) {
    return switchOn(options, Optional.empty());
  }

  private SimulatedFleet switchOn(DeviceOptions options, Optional<Path> state) {
    SimulatedFleet fleet =
        SimulatedFleet.start(
            DeviceFolder.readAll(shipment.devicesFolder()),
            options,
            state,
            euicc,
            steps::add,
            Clock.systemUTC());
    running.add(fleet);
    return fleet;
  }

  private List<DeviceStep> named(String step) {
    return steps.stream().filter(one -> one.name().equals(step)).toList();
  }

  private Registration registered() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(servers.registration(0, name)).as("steps: %s", steps).isPresent());
    return servers.registration(0, name).orElseThrow();
  }

  private Object read(Registration registration, String path) throws Exception {
    ReadResponse response = servers.dm(0).send(registration, new ReadRequest(path), 10_000);
    assertThat(response.isSuccess()).as("read %s: %s", path, response).isTrue();
    return ((LwM2mResource) response.getContent()).getValue();
  }

  private void write(Registration registration, WriteRequest request) throws Exception {
    WriteResponse response = servers.dm(0).send(registration, request, 10_000);
    assertThat(response.isSuccess()).as("%s", response).isTrue();
  }

  private SubscriptionHeader header() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new SubscriptionHeader(
        HexFormat.of().toHexDigits(System.nanoTime()) + "0".repeat(16),
        "firstlight-mobile",
        device.eid(),
        Certificates.sha256(agreement()),
        1,
        now.minusSeconds(60),
        now.plusSeconds(3600),
        Action.INSTALL,
        Optional.empty());
  }

  private static byte[] seal(SubscriptionHeader header) {
    Path operator = shipment.operatorFolder();
    Subscription subscription =
        new Subscription(
            "8999901234567890123",
            "001019876543210",
            new byte[16],
            new byte[16],
            3,
            List.of("00101"),
            Optional.empty(),
            Optional.empty());
    return new Sealer(
            PemFiles.readKey(operator.resolve("operator.key.pem")),
            PemFiles.readCertificate(operator.resolve("operator.pem")))
        .seal(subscription, header, agreement());
  }

  private static X509Certificate agreement() {
    return PemFiles.readCertificate(
        shipment.operatorFolder().resolve("euicc-certificates").resolve(device.eid() + ".pem"));
  }
}
