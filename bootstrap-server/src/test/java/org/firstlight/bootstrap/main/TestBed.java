package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Pki;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;

/** A bootstrap server on a Redis of its own, two manufacturers, and what tests put into state. */
final class TestBed implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  static final FactoryCa ACME = FactoryCa.root("Acme Issuing CA");
  static final FactoryCa OTHER = FactoryCa.root("Other Issuing CA");
  static final Eid EID = new Eid("89049032000001000000000000000110".substring(0, 30) + check());
  static final String OWNER = "service-provider";

  private static String check() {
    java.math.BigInteger base =
        new java.math.BigInteger("89049032000001000000000000000110".substring(0, 30) + "00");
    int rest = base.mod(java.math.BigInteger.valueOf(97)).intValue();
    return "%02d".formatted((98 - rest) % 97);
  }

  private final EmbeddedRedis redis;
  private final RedisStores stores;
  private final Metrics metrics = new Metrics();

  /** The server's, and nobody else's. */
  final TestClock clock = new TestClock();

  private final FirstlightConfig config;
  private final Pki pki;
  private BootstrapServer server;

  TestBed(Path data) throws Exception {
    this(data, 5000);
  }

  TestBed(Path data, int sessionsAtOnce) throws Exception {
    redis = EmbeddedRedis.start(data.resolve("redis"), Durability.EVERYSEC);
    stores = RedisStores.open(redis.settings(), Clock.systemUTC());
    config =
        ConfigFile.parse(
            """
            dataDirectory: .
            bootstrap: { host: 127.0.0.1, port: 0, plainPort: 0, sessionsAtOnce: %d }
            """
                .formatted(sessionsAtOnce),
            data);
    pki = Pki.open(data, config, Clock.systemUTC());
    manufacturer("acme", ACME);
    manufacturer("other", OTHER);
    server = startServer();
  }

  private BootstrapServer startServer() {
    return startServer(stores.stores());
  }

  private BootstrapServer startServer(Stores seen) {
    return BootstrapServer.start(
        config, pki, seen, metrics, new Health(), clock, Optional.of("coaps://localhost:5784"));
  }

  /** Ends the server as a crash would: nothing is said to anyone. */
  void restartServer() {
    server.close();
    server = startServer();
  }

  /** Another server, that goes by what it reads through this. */
  void restartServer(UnaryOperator<FleetState> through) {
    server.close();
    Stores all = stores.stores();
    server =
        startServer(
            new Stores(
                through.apply(all.records()),
                all.registrations(),
                all.values(),
                all.events(),
                all.sessions(),
                all.leases(),
                all.setAside()));
  }

  BootstrapServer server() {
    return server;
  }

  Pki pki() {
    return pki;
  }

  FleetState records() {
    return stores.stores().records();
  }

  /** Stops and lets go on the Redis process: away, and back with all that it had. */
  void redis(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(redis.process().pid()))
        .start()
        .waitFor(5, TimeUnit.SECONDS);
  }

  TestDevice device(Factory factory) {
    return TestDevice.withCertificate(factory.key(), factory.chain(), pki.serverCa());
  }

  void manufacturer(String id, FactoryCa ca) throws Exception {
    put(Kinds.MANUFACTURER, id, id, manufacturer(id, State.ACTIVE, ca, List.of()));
  }

  static Manufacturer manufacturer(String id, State state, FactoryCa ca, List<String> deniedKeys)
      throws Exception {
    return new Manufacturer(
        id,
        id,
        state,
        List.of(ca.pem()),
        IdentityRule.COMMON_NAME,
        "urn:%s:".formatted(id),
        Map.of(),
        0,
        deniedKeys,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** As the API does it. */
  void change(Manufacturer manufacturer) throws Exception {
    FleetEvent changed =
        new FleetEvent(
            Instant.now(),
            "manufacturer.changed",
            Optional.empty(),
            Optional.of(manufacturer.id()),
            Map.of("id", manufacturer.id(), "change", "saved"));
    records()
        .commit(
            Change.in(manufacturer.id())
                .put(Kinds.MANUFACTURER, manufacturer.id(), Change.ANY_VERSION, manufacturer)
                .event(changed)
                .build())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  EndpointName expected(String manufacturer, String id) throws Exception {
    EndpointName name = new EndpointName("urn:%s:%s".formatted(manufacturer, id));
    put(
        Kinds.DEVICE,
        name.value(),
        name.value(),
        new Device(
            name,
            manufacturer,
            id,
            Optional.empty(),
            "model-1",
            id,
            Optional.of(EID),
            Optional.of("00"),
            Optional.empty(),
            DeviceState.EXPECTED,
            Instant.now(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty()));
    return name;
  }

  EndpointName claimed(String manufacturer, String id) throws Exception {
    EndpointName name = expected(manufacturer, id);
    claim(name);
    return name;
  }

  void claim(EndpointName name) throws Exception {
    edit(
        name,
        device ->
            device
                .withClaim(
                    Optional.of(new Claim(OWNER, Instant.now(), List.of("20801"))),
                    Optional.empty())
                .become(DeviceState.CLAIMED, Instant.now()));
  }

  void edit(EndpointName name, UnaryOperator<Device> how) throws Exception {
    Stored<Device> stored = find(Kinds.DEVICE, name.value(), name.value()).orElseThrow();
    put(Kinds.DEVICE, name.value(), name.value(), how.apply(stored.value()));
  }

  /** As the API does it. */
  void revoke(EndpointName name) throws Exception {
    records()
        .commit(
            Change.in(name.value())
                .put(
                    Kinds.DEVICE,
                    name.value(),
                    Change.ANY_VERSION,
                    device(name).withRevocation(Optional.of("stolen")))
                .event(FleetEvent.of(Instant.now(), "device.revoked", name, Map.of()))
                .build())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  /** How many handshakes succeeded so far. */
  long handshakes() {
    return metrics.registry().get("firstlight.bootstrap.handshake").timer().count();
  }

  SealedSubscription subscription(EndpointName name, byte[] sealed) throws Exception {
    String id = "%032x".formatted(name.value().hashCode() & 0xffffffffL);
    SealedSubscription subscription =
        new SealedSubscription(
            id,
            "operator",
            "operator",
            EID,
            name,
            1,
            Instant.now().minusSeconds(60),
            Instant.now().plusSeconds(3600),
            "00",
            Optional.of(Base64.getEncoder().encodeToString(sealed)),
            SubscriptionState.ASSIGNED,
            Instant.now(),
            "imported",
            Optional.empty(),
            Optional.empty());
    put(Kinds.SUBSCRIPTION, name.value(), id, subscription);
    return subscription;
  }

  /** Stores the plan; when this returns, the server goes by it. */
  void plan(OnboardingPlan plan) throws Exception {
    change(Kinds.PLAN, plan.id(), plan);
    restartServer();
  }

  /** Stores a platform record and tells of it, as the API does. */
  <T> void change(Kind<T> kind, String id, T value) throws Exception {
    FleetEvent changed =
        new FleetEvent(
            Instant.now(), "record.changed", Optional.empty(), Optional.empty(), Map.of("id", id));
    records()
        .commit(Change.in(id).put(kind, id, Change.ANY_VERSION, value).event(changed).build())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  void delete(Kind<?> kind, String id) throws Exception {
    records()
        .commit(Change.in(id).delete(kind, id, Change.ANY_VERSION).build())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  <T> void put(Kind<T> kind, String home, String id, T value) throws Exception {
    records()
        .commit(Change.in(home).put(kind, id, Change.ANY_VERSION, value).build())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  <T> Optional<Stored<T>> find(Kind<T> kind, String home, String id) throws Exception {
    return records().find(kind, home, id).toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  <T> List<T> all(Kind<T> kind, EndpointName name) throws Exception {
    return records()
        .findAll(kind, name.value())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS)
        .stream()
        .map(Stored::value)
        .toList();
  }

  Device device(EndpointName name) throws Exception {
    return find(Kinds.DEVICE, name.value(), name.value()).orElseThrow().value();
  }

  JourneyRecord journey(EndpointName name) throws Exception {
    return find(Kinds.JOURNEY, name.value(), name.value()).orElseThrow().value();
  }

  BootstrapSession session(EndpointName name) throws Exception {
    String id = device(name).lastSessionId().orElseThrow();
    return find(Kinds.SESSION, name.value(), id).orElseThrow().value();
  }

  /** What the device is answered to its Bootstrap-Request; empty for silence. */
  Optional<Response> bootstrap(TestDevice device, EndpointName name) throws Exception {
    return device.bootstrap(server().coapsAddress(), "ep=" + name, PATIENCE);
  }

  /** Until a bootstrap that tells the device to enrol has ended. */
  void awaitFinished(EndpointName name) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                find(Kinds.ENROLMENT, name.value(), OpenEnrolment.id(1))
                    .filter(open -> open.value().finished())
                    .isPresent());
  }

  void awaitState(EndpointName name, DeviceState state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(device(name).state())
                    .as(() -> unchecked(() -> session(name).toString()))
                    .isEqualTo(state));
  }

  Step step(EndpointName name, String step) throws Exception {
    return journey(name).steps().stream()
        .filter(s -> s.name().equals(step))
        .findFirst()
        .orElseThrow();
  }

  static <T> T unchecked(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  List<FleetEvent> events(String type) throws Exception {
    return stores
        .stores()
        .events()
        .newest(500)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS)
        .stream()
        .map(EventStream.Entry::event)
        .filter(event -> event.type().equals(type))
        .toList();
  }

  @Override
  public void close() {
    server.close();
    stores.close();
    redis.close();
    metrics.close();
  }
}
