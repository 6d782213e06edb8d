package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.main.DmServer;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.OperationalCertificates;
import org.firstlight.kit.pki.Pki;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;

/** A Redis, a server, and devices as the bootstrap server would have left them. */
final class DmWorld implements AutoCloseable {
  static final String OWNER = "acme";
  static final Eid EID = new Eid("89049032123451234512345678901235");

  private static final String LINKS = "</>;rt=\"oma.lwm2m\";ct=11542,</1/0>,</3/0>";
  private static final AtomicInteger NAMES = new AtomicInteger();

  final Clock clock = Clock.systemUTC();
  final List<FleetEvent> events = new CopyOnWriteArrayList<>();
  final EmbeddedRedis redis;
  final RedisStores opened;
  final Stores stores;
  final BlockingState state;
  final FirstlightConfig config;
  final Pki pki;
  final AutoCloseable following;
  private final List<AutoCloseable> open = new ArrayList<>();
  DmServer server;
  private Metrics metrics = new Metrics();

  DmWorld(Path directory, String... euiccRootPem) {
    this(directory, RedisSettings.DEFAULT_QUEUE_BOUND, euiccRootPem);
  }

  /** With room for so many commands that wait for Redis. */
  static DmWorld withQueueBound(Path directory, int bound) {
    return new DmWorld(directory, bound);
  }

  /** At a port that stays the same when the server starts again. */
  static DmWorld atPort(Path directory, int port) {
    return new DmWorld(directory, RedisSettings.DEFAULT_QUEUE_BOUND, port);
  }

  private DmWorld(Path directory, int queueBound, String... euiccRootPem) {
    this(directory, queueBound, 0, euiccRootPem);
  }

  private DmWorld(Path directory, int queueBound, int port, String... euiccRootPem) {
    this.redis = EmbeddedRedis.start(directory.resolve("redis"), Durability.EVERYSEC);
    this.opened = RedisStores.open(redis.settings().withQueueBound(queueBound), clock);
    this.stores = opened.stores();
    this.state = new BlockingState(stores.records());
    this.config = config(directory, port, euiccRootPem);
    this.pki = Pki.open(config.dataDirectory(), config, clock);
    this.following = stores.events().follow("", entry -> events.add(entry.event()));
    this.server = startServer();
  }

  private static FirstlightConfig config(Path directory, int port, String... euiccRootPem) {
    try {
      Path roots = directory.resolve("euicc-roots.pem");
      Files.writeString(roots, String.join("", euiccRootPem));
      String custody =
          euiccRootPem.length == 0 ? "" : "custody: { euiccRoots: [euicc-roots.pem] }\n";
      return ConfigFile.parse(
          "dataDirectory: data\n"
              + "http: { port: 0 }\n"
              + "dm: { host: 127.0.0.1, port: %d, plainPort: 0 }\n".formatted(port)
              + custody,
          directory);
    } catch (IOException | ConfigException e) {
      throw new AssertionError(e);
    }
  }

  private DmServer startServer() {
    metrics = new Metrics();
    return DmServer.start(config, pki, stores, metrics, new Health(), clock);
  }

  /** Ends the server's process life and begins another on the same state. */
  void restartServer() {
    stopServer();
    startAgain();
  }

  void startAgain() {
    server = startServer();
  }

  void stopServer() {
    server.close();
  }

  /** How many handshakes this life of the server has brought to their end. */
  long handshakes() {
    Timer timer = metrics.registry().find("firstlight.handshake").tag("result", "ok").timer();
    return timer == null ? 0 : timer.count();
  }

  /** The same, that goes by what it reads through this. */
  void restartServer(UnaryOperator<FleetState> through) {
    server.close();
    server =
        DmServer.start(
            config,
            pki,
            new Stores(
                through.apply(stores.records()),
                stores.registrations(),
                stores.values(),
                stores.events(),
                stores.sessions(),
                stores.leases(),
                stores.setAside()),
            new Metrics(),
            new Health(),
            clock);
  }

  static EndpointName newName() {
    return new EndpointName("urn:dev:ops:00D0FE-T-%04d".formatted(NAMES.incrementAndGet()));
  }

  /** A key and the certificate over it. */
  record Credential(KeyPair keys, X509Certificate certificate) {}

  EndpointName bootstrapped() {
    return device(DeviceState.BOOTSTRAPPED);
  }

  EndpointName device(DeviceState at) {
    EndpointName name = newName();
    put(device(name, at, "maker"));
    return name;
  }

  static Device device(EndpointName name, DeviceState at, String manufacturer) {
    Instant now = Instant.now();
    return new Device(
        name,
        manufacturer,
        manufacturer.equals(Device.CONNECTED) ? Device.NO_SECURITY : name.value(),
        Optional.empty(),
        "meter",
        "1",
        Optional.of(EID),
        Optional.empty(),
        Optional.of(new Claim(OWNER, now, List.of())),
        at,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  void put(Device device) {
    String home = device.endpointName().value();
    state.commit(Change.in(home).put(Kinds.DEVICE, home, Change.ANY_VERSION, device).build());
  }

  /** As the API does it. */
  void revoke(EndpointName name) {
    String home = name.value();
    state.commit(
        Change.in(home)
            .put(
                Kinds.DEVICE,
                home,
                Change.ANY_VERSION,
                device(name).withRevocation(Optional.of("stolen")))
            .registration(RegistrationEdit.EndAll.ofAnyAge())
            .event(FleetEvent.of(clock.instant(), "device.revoked", name, Map.of()))
            .build());
  }

  /** As the bootstrap server does it. */
  void finishBootstrap(EndpointName name, Instant sessionBegan) {
    String home = name.value();
    Device device = device(name).become(DeviceState.BOOTSTRAPPED, clock.instant());
    state.commit(
        Change.in(home)
            .put(Kinds.DEVICE, home, Change.ANY_VERSION, device)
            .registration(new RegistrationEdit.EndAll(sessionBegan))
            .event(FleetEvent.of(clock.instant(), "device.bootstrapped", name, Map.of()))
            .build());
  }

  /** Issues the account's certificate, current at once. */
  Credential issue(EndpointName name) {
    return issue(name, OperationalCertificate.currentId(1));
  }

  Credential issue(EndpointName name, String recordId) {
    KeyPair keys = keys();
    X509Certificate certificate =
        pki.operationalCa().issue(keys.getPublic(), name, Duration.ofDays(30));
    OperationalCertificate record = OperationalCertificates.record(name, 1, certificate);
    state.commit(
        Change.in(name.value())
            .put(Kinds.CERTIFICATE, recordId, Change.ANY_VERSION, record)
            .build());
    return new Credential(keys, certificate);
  }

  static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  TestDevice connect(Credential credential) {
    return closing(
        TestDevice.withCertificate(
            server.coapsAddress(),
            pki.serverCa(),
            credential.keys().getPrivate(),
            credential.certificate()));
  }

  /** With a Connection ID, through something that stands before the server. */
  TestDevice connect(Credential credential, InetSocketAddress address) {
    return closing(
        TestDevice.withConnectionId(
            address, pki.serverCa(), credential.keys().getPrivate(), credential.certificate()));
  }

  /** Hands the account's raw public key over, current at once. */
  KeyPair handOverRawKey(EndpointName name) {
    return handOverRawKey(name, OperationalCertificate.currentId(1));
  }

  KeyPair handOverRawKey(EndpointName name, String recordId) {
    KeyPair keys = keys();
    handOver(name, recordId, keys.getPublic());
    return keys;
  }

  void handOver(EndpointName name, String recordId, PublicKey key) {
    String hash = Certificates.keySha256(key);
    state.commit(
        Change.in(hash).put(Kinds.BY_KEY, hash, Change.ANY_VERSION, new Hint(name)).build());
    state.commit(
        Change.in(name.value())
            .put(
                Kinds.RAW_PUBLIC_KEY,
                recordId,
                Change.ANY_VERSION,
                new OperationalRawKey(name, 1, hash, clock.instant()))
            .build());
  }

  TestDevice connect(KeyPair rawKey) {
    return connect(rawKey, server.coapsAddress());
  }

  /** Through something that stands before the server. */
  TestDevice connect(KeyPair rawKey, InetSocketAddress address) {
    return closing(
        TestDevice.withRawKey(address, pki.dmServer().certificate().getPublicKey(), rawKey));
  }

  TestDevice connectWithPsk(EndpointName name, boolean forBootstrap) {
    String identity = name + "#1#abcd";
    byte[] key = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
    state.commit(
        Change.in(name.value())
            .put(
                Kinds.PSK,
                identity,
                Change.ANY_VERSION,
                new PskRecord(
                    identity,
                    name,
                    1,
                    pki.keyEncryption().encrypt(key, PskRecord.keyContext(identity)),
                    clock.instant(),
                    forBootstrap))
            .build());
    return closing(TestDevice.withPsk(server.coapsAddress(), identity, key));
  }

  TestDevice connectPlain() {
    return closing(TestDevice.plain(server.coapAddress().orElseThrow()));
  }

  private TestDevice closing(TestDevice device) {
    open.add(device);
    return device;
  }

  /** Registers, and returns the registration's id. */
  static String register(TestDevice device, EndpointName name, String... more) {
    Response response = device.register(LINKS, query(name, more)).orElseThrow();
    assertThat(response.getCode()).isEqualTo(ResponseCode.CREATED);
    assertThat(response.getOptions().getLocationPath()).hasSize(2).first().isEqualTo("rd");
    return response.getOptions().getLocationPath().get(1);
  }

  static String[] query(EndpointName name, String... more) {
    List<String> query = new ArrayList<>(List.of("ep=" + name));
    query.addAll(List.of(more));
    if (query.stream().noneMatch(parameter -> parameter.startsWith("lwm2m"))) {
      query.add("lwm2m=1.1");
    }
    return query.toArray(String[]::new);
  }

  Device device(EndpointName name) {
    return state.find(Kinds.DEVICE, name.value()).map(Stored::value).orElseThrow();
  }

  Optional<Step> step(EndpointName name, String step) {
    return state
        .find(Kinds.JOURNEY, name.value())
        .map(Stored::value)
        .map(JourneyRecord::steps)
        .orElse(List.of())
        .stream()
        .filter(found -> found.name().equals(step))
        .findFirst();
  }

  List<FleetEvent> events(EndpointName name, String type) {
    return events.stream()
        .filter(event -> event.type().equals(type))
        .filter(event -> event.endpointName().filter(name::equals).isPresent())
        .toList();
  }

  static <T> T await(CompletionStage<T> stage) {
    return BlockingState.await(stage);
  }

  /** Sends Redis's process a signal: STOP makes it silent, CONT wakes it. */
  void signalRedis(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(redis.process().pid()))
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void closeDevices() {
    open.forEach(DmWorld::close);
    open.clear();
  }

  @Override
  public void close() {
    closeDevices();
    close(following);
    server.close();
    opened.close();
    redis.close();
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
