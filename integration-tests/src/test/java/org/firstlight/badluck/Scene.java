package org.firstlight.badluck;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.firstlight.badluck.Fault.Strike;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Lost;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.journey.Api;
import org.firstlight.journey.Cast;
import org.firstlight.journey.SmallDisk;
import org.firstlight.redis.RedisStores;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;

/**
 * A Redis, a server in a process of its own, the wire between them, and clients that keep both busy
 * for as long as this is open, through one fault after the other.
 */
final class Scene implements AutoCloseable {
  private static final int DEVICES = 48;
  private static final int DOCUMENTS = 4;
  private static final int LONGEST_WAIT_MS = 600;
  private static final String OWN_NAMES = "urn:dev:ops:00D0FE-BL-";

  private final Ground ground;
  private final Optional<TcpProxy> wire;
  private final DmProcess server;
  private final Random random;
  private final Ledger ledger = new Ledger();
  private final Load load = new Load();
  private final Audit audit;
  private final List<Lost> lost = new ArrayList<>();

  private Scene(Path folder, Ground ground, long seed) throws Exception {
    this.ground = ground;
    this.random = new Random(seed);
    this.wire = ground.lone().map(redis -> TcpProxy.to(redis.get().port(), 0));
    this.server =
        new DmProcess(
            folder,
            ground
                .elected()
                .map(ElectedRedis::configuration)
                .orElseGet(
                    () ->
                        "{ mode: standalone, nodes: [\"127.0.0.1:%d\"] }"
                            .formatted(wire().port())));
    Api administrator = new Api(server.http(), administratorToken());
    this.audit = new Audit(ledger, administrator);
    Order order = Order.of(1);
    Cast cast =
        Cast.introduce(
            administrator, new Factory(folder.resolve("factory"), Clock.systemUTC()).make(order));
    for (int i = 0; i < DEVICES; i++) {
      String name = OWN_NAMES + i;
      administrator.post("/connections", Map.of("name", name, "credential", "nosec")).done();
      load.add(new LoadDevice(name, server.coap(), ledger, seed + i));
    }
    for (int i = 0; i < DOCUMENTS; i++) {
      load.add(new Editor(cast.provider(), "bad-luck-" + i, ledger));
    }
    load.add(new Issuer(administrator, OWN_NAMES + "KEY-", ledger));
    load.add(
        new Claimant(
            administrator, cast.provider(), order.manufacturer(), order.namespace(), ledger));
  }

  /**
   * Sets it up and waits until every client has been served. From then on nothing can take the
   * clients themselves away: one that is not known any more would never be served again.
   *
   * @param seed of every random moment; the interleaving of processes is chance all the same
   */
  static Scene on(Path folder, Ground ground, long seed) throws Exception {
    Scene scene = new Scene(folder, ground, seed);
    try {
      scene.load.awaitEveryone();
      ground.lone().ifPresent(redis -> redis.get().settle());
      return scene;
    } catch (RuntimeException | Error stuck) {
      scene.close();
      throw stuck;
    }
  }

  private String administratorToken() {
    try (RedisStores stores = ground.open().get()) {
      return new FirstAdministrator(stores.stores().records(), Clock.systemUTC())
          .apiToken("bad luck");
    }
  }

  LoneRedis redis() {
    return ground.lone().orElseThrow().get();
  }

  TcpProxy wire() {
    return wire.orElseThrow();
  }

  DmProcess server() {
    return server;
  }

  Random random() {
    return random;
  }

  SmallDisk disk() {
    return ground.disk().orElseThrow();
  }

  RedisPair pair() {
    return ground.pair().orElseThrow();
  }

  ElectedRedis elected() {
    return ground.elected().orElseThrow();
  }

  Ledger ledger() {
    return ledger;
  }

  /** And looks at what survived, before anybody can write again. */
  void startRedisAgain(Strike strike) throws IOException {
    wire().pullOut();
    redis().startAgain();
    load.awaitSilence();
    survey(strike);
    wire().plugIn();
  }

  /** As an address does that moves with the master: nobody writes before what is there is known. */
  void moveToNewMaster(Strike strike) {
    wire().pullOut();
    wire().leadTo(redis().port());
    load.awaitSilence();
    survey(strike);
    wire().plugIn();
  }

  /**
   * The server finds the new master by itself, which takes no write before what is there is known.
   */
  void lookAtNewMaster(Strike strike) {
    survey(strike);
    elected().takeWrites();
  }

  private void survey(Strike strike) {
    try (RedisStores stores = ground.open().get()) {
      lost.addAll(audit.survey(stores));
    }
    if (strike.mayLose()) {
      ledger.lossHappened();
    }
  }

  /** Returns when whatever was under way has been answered, if only that it failed. */
  void awaitAnswers() {
    load.awaitAnswers();
  }

  /** Returns when each client has been acknowledged something from now on. */
  void awaitEveryone() {
    load.awaitEveryone();
  }

  /** One fault at a random moment under full load, until every client is served again. */
  Survival survive(Fault fault) throws IOException, InterruptedException {
    Map<Kind, Long> before = totals();
    load.awaitEveryone();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_WAIT_MS));
    Strike strike = fault.strike(this);
    long mended = System.nanoTime();
    load.awaitEveryone();
    Duration back = Duration.ofNanos(System.nanoTime() - mended);
    load.pause();
    try (RedisStores stores = ground.open().get()) {
      lost.addAll(audit.survey(stores));
      audit.once(stores, strike.promised().equals(Instant.MAX));
    } finally {
      load.resume();
    }
    Map<Kind, Long> acknowledged = totals();
    acknowledged.replaceAll((kind, total) -> total - before.get(kind));
    Survival survival =
        new Survival(
            fault,
            ground.setting().get(),
            acknowledged,
            List.copyOf(lost),
            strike,
            ledger.takeRegisteredAnew(),
            ledger.takeSurprises(),
            back);
    lost.clear();
    return survival;
  }

  private Map<Kind, Long> totals() {
    Map<Kind, Long> totals = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      totals.put(kind, ledger.total(kind));
    }
    return totals;
  }

  @Override
  public void close() {
    load.close();
    server.close();
    wire.ifPresent(TcpProxy::close);
  }
}
