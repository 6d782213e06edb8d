package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.token.SoftHsm;
import org.firstlight.redis.RedisStores;
import org.firstlight.redis.topology.RedisTopology;
import org.firstlight.simulator.cloud.CloudListener;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.operator.RandomSubscriptions;
import org.firstlight.simulator.operator.SubscriptionList;
import org.firstlight.simulator.pem.PemFiles;
import org.firstlight.simulator.subscription.Subscription;

/**
 * Everything that a journey needs, each with a folder of its own below one root: a factory with its
 * shipped devices, the operator's desk, the eUICCs, the service provider's cloud, and the platform,
 * which can be stopped, killed and started again at the same addresses.
 */
final class World implements AutoCloseable {
  /** How the platform runs. */
  enum Home {
    INSIDE_THE_TEST,
    PROCESS_OF_ITS_OWN
  }

  private final Path root;
  private final Home home;
  private final Optional<RedisTopology> given;
  private final Shipment shipment;
  private final Workbench workbench;
  private final CloudListener cloud;
  private final byte[] cloudCredential = new byte[24];
  private final int bootstrapPort = Ports.free();
  private final int dmPort = Ports.free();
  private final int httpPort = Ports.free();
  private final Path config;
  private RunningPlatform platform;
  private Cast cast;

  private World(
      Path root, Home home, Order order, Optional<RedisTopology> given, String moreConfiguration)
      throws Exception {
    this.root = root;
    this.given = given;
    this.home = home;
    shipment = new Factory(root, Clock.systemUTC()).make(order);
    workbench = new Workbench(shipment);
    new SecureRandom().nextBytes(cloudCredential);
    cloud = CloudListener.start(cloudCredential);
    config = writeConfig(moreConfiguration);
    platform = launch();
    cast = Cast.introduce(newAdministrator(), shipment);
  }

  /** A platform that knows manufacturer, operator and service provider, and no device. */
  static World of(Path root, Home home, Order order) throws Exception {
    return new World(root, home, order, Optional.empty(), "");
  }

  /** The same, with its state in a Redis that is not the platform's own. */
  static World on(RedisTopology redis, Path root, Order order) throws Exception {
    return new World(root, Home.INSIDE_THE_TEST, order, Optional.of(redis), "");
  }

  /** With the shipment announced, subscriptions in custody, a plan, and a configuration. */
  static World ready(Path root, Home home, Order order) throws Exception {
    return ready(of(root, home, order));
  }

  /** The same, with its operational CA's key in a token. */
  static World ready(SoftHsm token, Path root, Order order) throws Exception {
    return ready(
        new World(root, Home.INSIDE_THE_TEST, order, Optional.empty(), token.configuration()));
  }

  private static World ready(World world) throws Exception {
    world.cast.announceShipment();
    world.cast.bringSubscriptions(world.sealSubscriptions());
    world.cast.plan("issued-key");
    world.cast.configure("Europe/Berlin", world.cloudCredential);
    return world;
  }

  static World ready(Path root, int devices) throws Exception {
    return ready(root, Home.INSIDE_THE_TEST, Order.of(devices));
  }

  Shipment shipment() {
    return shipment;
  }

  ShippedDevice device(int number) {
    return shipment.devices().get(number);
  }

  Cast cast() {
    return cast;
  }

  CloudListener cloud() {
    return cloud;
  }

  byte[] cloudCredential() {
    return cloudCredential.clone();
  }

  Workbench workbench() {
    return workbench;
  }

  Path root() {
    return root;
  }

  /** The platform's data directory, with all that it keeps. */
  Path dataDirectory() {
    return root.resolve("platform");
  }

  /** The platform's configuration file. */
  Path config() {
    return config;
  }

  PlatformRedis redis() {
    return new PlatformRedis(dataDirectory().resolve("redis"));
  }

  URI bootstrapUri() {
    return URI.create("coaps://localhost:" + bootstrapPort);
  }

  URI dmUri() {
    return URI.create("coaps://localhost:" + dmPort);
  }

  URI httpUri() {
    return URI.create("http://127.0.0.1:" + httpPort);
  }

  /** The CA of the servers' certificates, as the devices have it from their factory. */
  X509Certificate serverCa() {
    return PemFiles.readCertificate(serverCaFile());
  }

  Path serverCaFile() {
    return dataDirectory().resolve("pki").resolve("server-ca.pem");
  }

  /** The platform's key-encryption key; of a platform within this JVM alone. */
  KeyEncryption keyEncryption() {
    return ((PlatformInside) platform).pki().keyEncryption();
  }

  /** Another certificate, taken at once; of a platform within this JVM alone. */
  void renewServerCertificate(Pki.Server server, boolean newKey) {
    ((PlatformInside) platform).pki().renew(server, newKey);
  }

  /** Random subscriptions, one per eUICC; made once. */
  Path subscriptions() {
    Path csv = shipment.operatorFolder().resolve("subscriptions.csv");
    if (!Files.exists(csv)) {
      List<Eid> eids = shipment.devices().stream().map(ShippedDevice::eid).toList();
      RandomSubscriptions.write(csv, eids);
    }
    return csv;
  }

  /** The operator's secret: what is in clear at its desk alone. */
  Subscription subscription(Eid eid) throws IOException {
    return SubscriptionList.parse(Files.readString(subscriptions())).rows().stream()
        .filter(row -> row.eid().equals(eid))
        .map(SubscriptionList.Row::subscription)
        .findFirst()
        .orElseThrow();
  }

  /** What the operator's seal tool makes of them, all well. */
  String sealSubscriptions() {
    SealTool.Outcome sealed = new SealTool(shipment).seal(subscriptions());
    assertThat(sealed.exit()).as(sealed.words()).isZero();
    return sealed.lines();
  }

  /** A shipped device, out of its box. */
  Thing unpack(ShippedDevice device) {
    return unpack(
        DeviceFolder.read(shipment.devicesFolder().resolve(device.endpointName().value())));
  }

  /** Any device, the odd ones too. */
  Thing unpack(DeviceFolder folder) {
    return workbench.unpack(folder, bootstrapUri(), serverCa(), Optional.of(cloud.uri()));
  }

  /** The device's record as the administrator sees it. */
  JsonNode seen(String endpointName) {
    return cast.administrator().get("/devices/" + Api.segment(endpointName));
  }

  JsonNode seen(String endpointName, String part) {
    return cast.administrator().get("/devices/" + Api.segment(endpointName) + "/" + part);
  }

  void awaitState(String endpointName, String state) {
    eventually(
        () ->
            assertThat(seen(endpointName).path("state").asText())
                .as("%s; %s", seen(endpointName), seen(endpointName, "journey"))
                .isEqualTo(state));
  }

  /** Waits for the end of its journey: configured, and the eUICC's receipt verified. */
  void awaitEnd(String endpointName) {
    awaitState(endpointName, "CONFIGURED");
    eventually(
        () ->
            assertThat(seen(endpointName).at("/subscription/state").asText()).isEqualTo("ENABLED"));
  }

  /** What is in the heap of a platform with a process of its own. */
  void dumpHeap(Path file) throws Exception {
    ((PlatformProcess) platform).dumpHeap(file);
  }

  /** Stops the platform as SIGTERM does; devices and their owner's cloud go on. */
  void stopPlatform() {
    platform.stop();
  }

  /** Both servers at once, as {@code kill -9}. */
  void killPlatform() {
    platform.kill();
  }

  /** Starts it on what it has kept, at the same addresses. */
  void startPlatform() throws Exception {
    platform = launch();
  }

  /** Now the servers have surely read what somebody wrote: each reads it all at its start. */
  void restartPlatform() throws Exception {
    stopPlatform();
    startPlatform();
  }

  private RunningPlatform launch() throws Exception {
    return home == Home.INSIDE_THE_TEST ? new PlatformInside(config) : new PlatformProcess(config);
  }

  /** Who can read the platform's files can make an administrator: so does {@code up} itself. */
  private Api newAdministrator() {
    try (RedisStores redis = openState()) {
      return new Api(
          httpUri(),
          new FirstAdministrator(redis.stores().records(), Clock.systemUTC()).apiToken("journeys"));
    }
  }

  private RedisStores openState() {
    return given
        .map(redis -> RedisStores.open(redis.settings(), Clock.systemUTC()))
        .orElseGet(() -> redis().open());
  }

  private Path writeConfig(String more) throws IOException {
    Path file = root.resolve("firstlight.yaml");
    Files.writeString(
        file,
        """
        dataDirectory: platform
        http: { port: %d }
        bootstrap: { host: 127.0.0.1, port: %d }
        dm: { host: 127.0.0.1, port: %d, publicUri: "%s" }
        custody:
          subscriptionRoots: [ %s ]
          euiccRoots: [ %s ]
        """
                .formatted(
                    httpPort,
                    bootstrapPort,
                    dmPort,
                    dmUri(),
                    root.relativize(shipment.subscriptionRoot()),
                    root.relativize(shipment.euiccRoot()))
            + given.map(redis -> redis.configuration(root)).orElse("")
            + more);
    return file;
  }

  @Override
  public void close() {
    workbench.close();
    cloud.close();
    platform.stop();
  }
}
