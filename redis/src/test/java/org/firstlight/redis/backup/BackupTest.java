package org.firstlight.redis.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.firstlight.redis.TestRedis.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.operation.OperationQueue;
import org.firstlight.fleet.operation.QueuedOperation;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit.Begin;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.redis.RedisBackup;
import org.firstlight.redis.RedisStores;
import org.firstlight.redis.RedisUnusableException;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

class BackupTest {
  private static final Word METER = DeviceIndex.model("meter");
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final Progress SILENT = (section, entries) -> {};

  @TempDir private Path folder;
  private TestRedis from;
  private TestRedis to;

  @BeforeEach
  void start() {
    from = new TestRedis();
    to = new TestRedis();
  }

  @AfterEach
  void stop() {
    from.close();
    to.close();
  }

  @Test
  void what_was_backed_up_comes_back_as_it_was() {
    fill(from.stores(), 300);
    from.command(Command.HSET, "fl:{00}:aside", "ten:x of x", "reason\n1 1 {");
    await(from.stores().leases().take("work", "n1", Duration.ofMinutes(5)));

    Manifest written = backup(from, folder.resolve("b"));
    restore(to, folder.resolve("b"), false);

    assertThat(written.entries(Section.DEVICES)).isEqualTo(300);
    from.command(
        Command.DEL, Bytes.text(Bytes.list(from.command(Command.KEYS, "fl:*lease*")).get(0)));
    assertThat(contents(to)).isEqualTo(contents(from));
    assertThat(await(to.stores().records().count(Kinds.DEVICE, Set.of(), List.of(METER))))
        .isEqualTo(Map.of(METER, 300L));
    Registration registration = registration(device(7));
    assertThat(await(to.stores().registrations().find(1, device(7))).orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("id")
        .isEqualTo(registration);
  }

  @Test
  void requests_that_waited_are_not_repeated_by_a_restore() {
    fill(from.stores(), 1);
    String home = device(0).value();
    assertThat(await(from.stores().records().find(Kinds.OPERATIONS, home, home))).isPresent();

    backup(from, folder.resolve("b"));
    restore(to, folder.resolve("b"), false);

    FleetState restored = to.stores().records();
    assertThat(await(restored.find(Kinds.DEVICE, home, home))).isPresent();
    assertThat(await(restored.find(Kinds.OPERATIONS, home, home))).isEmpty();
    assertThat(await(restored.due(Kinds.OPERATIONS, NOW.plus(Duration.ofDays(1)), 10))).isEmpty();
  }

  @Test
  void requests_in_a_backup_of_an_earlier_release_are_not_repeated_either() throws Exception {
    fill(from.stores(), 1);
    Manifest none = backup(from, folder.resolve("b"));
    String home = device(0).value();
    byte[] queue =
        (byte[]) from.command(Command.HGET, Bytes.text(Keys.records(home)), "opq:" + home);
    HomeEntry earlier =
        new HomeEntry(home, false, List.of(Bytes.of("opq:" + home), queue), List.of(), List.of());

    assertThat(none.entries(Section.DEVICES)).isEqualTo(1);
    assertThat(HomeEntry.of(earlier.entry()).kept().records()).isEmpty();
  }

  @Test
  void a_large_home_is_taken_in_slices() {
    int entries = Copying.MOST_FIELDS + 700;
    for (int i = 0; i < entries; i++) {
      String id = "%06d".formatted(i);
      AuditEntry entry = new AuditEntry(NOW, "t", "p", Optional.empty(), "device.claim", id, "ok");
      from.stores()
          .records()
          .commit(Change.in(AuditEntry.HOME).put(Kinds.AUDIT, id, 0, entry).build());
    }
    assertThat(await(from.stores().records().findAll(Kinds.AUDIT, AuditEntry.HOME)))
        .hasSize(entries);

    Manifest written = backup(from, folder.resolve("b"));
    restore(to, folder.resolve("b"), false);

    assertThat(written.entries(Section.PLATFORM)).isGreaterThan(2);
    assertThat(contents(to)).isEqualTo(contents(from));
  }

  @Test
  void under_load_each_home_is_as_it_was_at_one_moment() throws Exception {
    fill(from.stores(), 200);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicBoolean wrote = new AtomicBoolean();
    Thread load =
        new Thread(
            () -> {
              for (int i = 0; !enough.get(); i++) {
                EndpointName device = device(i % 200);
                Hint hint = new Hint(new EndpointName("round-" + i));
                await(
                    from.stores()
                        .records()
                        .commit(
                            Change.in(device.value())
                                .put(Kinds.BY_EID, "one", Change.ANY_VERSION, hint)
                                .put(Kinds.BY_PACKAGE, "two", Change.ANY_VERSION, hint)
                                .build()));
                wrote.set(true);
              }
            });
    load.start();
    try {
      Awaitility.await().untilTrue(wrote);
      backup(from, folder.resolve("b"));
    } finally {
      enough.set(true);
      load.join();
    }
    restore(to, folder.resolve("b"), false);

    FleetState restored = to.stores().records();
    int seen = 0;
    for (int i = 0; i < 200; i++) {
      String home = device(i).value();
      var one = await(restored.find(Kinds.BY_EID, home, "one"));
      var two = await(restored.find(Kinds.BY_PACKAGE, home, "two"));
      assertThat(one.map(found -> found.value())).isEqualTo(two.map(found -> found.value()));
      assertThat(one.map(found -> found.version())).isEqualTo(two.map(found -> found.version()));
      seen += one.isPresent() ? 1 : 0;
      assertThat(await(restored.find(Kinds.DEVICE, home, home))).isPresent();
    }
    assertThat(seen).isPositive();
  }

  @Test
  void a_redis_that_is_not_empty_is_left_alone_unless_it_is_to_be_replaced() {
    fill(from.stores(), 3);
    put(to.stores(), "another");
    backup(from, folder.resolve("b"));
    Map<String, Object> before = contents(to);

    assertThatThrownBy(() -> restore(to, folder.resolve("b"), false))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("not empty");
    assertThat(contents(to)).isEqualTo(before);

    restore(to, folder.resolve("b"), true);
    assertThat(contents(to)).isEqualTo(contents(from));
  }

  @Test
  void a_redis_that_servers_work_on_is_left_alone() {
    fill(from.stores(), 3);
    backup(from, folder.resolve("b"));
    await(to.stores().leases().take("work", "n1", Duration.ofMinutes(5)));

    assertThatThrownBy(() -> restore(to, folder.resolve("b"), true))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("a server is at work");
  }

  @Test
  void after_a_restore_that_died_no_server_starts_until_one_has_ended_well() {
    fill(from.stores(), 500);
    backup(from, folder.resolve("b"));
    CheckedBackup checked = CheckedBackup.check(folder.resolve("b"));
    try (RedisBackup redis = new RedisBackup(to.settings(), Clock.systemUTC())) {
      Progress dies =
          (section, entries) -> {
            if (entries == 250) {
              throw new IllegalStateException("killed");
            }
          };
      assertThatThrownBy(() -> redis.backups().restore(checked, false, dies)).hasMessage("killed");
    }

    assertThatThrownBy(() -> RedisStores.open(to.settings(), Clock.systemUTC()))
        .isInstanceOf(RedisUnusableException.class)
        .hasMessageContaining("half a store");

    restore(to, folder.resolve("b"), false);
    RedisStores.open(to.settings(), Clock.systemUTC()).close();
    assertThat(contents(to)).isEqualTo(contents(from));
  }

  @Test
  void dtls_sessions_stay_where_they_are() {
    fill(from.stores(), 3);
    EncryptedSecret session = new EncryptedSecret("kek-1", "b25l");
    TestRedis.await(from.stores().sessions().keep("01AB", session, Duration.ofHours(1)));
    Path file = folder.resolve("b");
    backup(from, file);
    restore(to, file, false);
    assertThat(TestRedis.await(to.stores().sessions().find("01AB"))).isEmpty();
    assertThat(TestRedis.await(from.stores().sessions().find("01AB"))).contains(session);
  }

  @Test
  void what_this_release_does_not_know_stops_a_backup() {
    fill(from.stores(), 3);
    from.command(Command.SET, "fl:{07}:later:1", "secret");
    assertThatThrownBy(() -> backup(from, folder.resolve("b")))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("fl:{07}:later:1");
    from.command(Command.DEL, "fl:{07}:later:1");
    from.command(Command.HSET, Bytes.text(Keys.records("home")), "new:1", "1 1 {}");
    assertThatThrownBy(() -> backup(from, folder.resolve("b")))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("\"new\"");
    assertThat(folder).isEmptyDirectory();
  }

  private static Manifest backup(TestRedis redis, Path file) {
    try (RedisBackup open = new RedisBackup(redis.settings(), Clock.systemUTC())) {
      return open.backups().write(file, Map.of(), false, SILENT);
    }
  }

  private static void restore(TestRedis redis, Path file, boolean replace) {
    try (RedisBackup open = new RedisBackup(redis.settings(), Clock.systemUTC())) {
      open.backups().restore(CheckedBackup.check(file), replace, SILENT);
    }
  }

  private static void fill(Stores stores, int devices) {
    put(stores, "north");
    for (int i = 0; i < devices; i++) {
      EndpointName name = device(i);
      String home = name.value();
      FleetEvent event = FleetEvent.of(NOW, "device.imported", name, Map.of());
      stores
          .records()
          .commit(Change.in("eid-" + i).put(Kinds.BY_EID, "eid-" + i, 0, new Hint(name)).build());
      stores
          .records()
          .commit(Change.in(home).put(Kinds.DEVICE, home, 0, record(name)).event(event).build());
      ReportedValue value = new ReportedValue("TEXT", "x\ty", NOW, "read");
      FleetEvent told = FleetEvent.of(NOW, "device.values-changed", name, Map.of());
      stores.records().commit(Change.in(home).put(Kinds.OPERATIONS, home, 0, waiting()).build());
      Begin begin = new Begin(withId(stores, registration(name)));
      await(stores.records().commit(Change.in(home).registration(begin).build()));
      await(stores.values().store(name, Map.of("/3/0/0", value), NOW, told, List.of()));
    }
  }

  /** No backup holds it. */
  private static OperationQueue waiting() {
    QueuedOperation read =
        new QueuedOperation(
            "r",
            "read",
            "/3/0",
            0,
            Optional.empty(),
            true,
            Optional.empty(),
            Optional.empty(),
            NOW,
            NOW.plusSeconds(600),
            0);
    return OperationQueue.EMPTY.enqueue(read).result().orElseThrow();
  }

  private static void put(Stores stores, String tenant) {
    Tenant value =
        new Tenant(tenant, "x", Tenant.Kind.SERVICE_PROVIDER, Optional.empty(), Optional.empty());
    await(stores.records().commit(Change.in(tenant).put(Kinds.TENANT, tenant, 0, value).build()));
    await(stores.records().commit(Change.in(tenant).put(Kinds.TENANT, tenant, 1, value).build()));
  }

  private static EndpointName device(int number) {
    return new EndpointName("urn:dev:ops:X-%04d".formatted(number));
  }

  private static Device record(EndpointName name) {
    return new Device(
        name,
        "maker",
        name.value(),
        Optional.empty(),
        "meter",
        "1",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DeviceState.EXPECTED,
        NOW,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  private static Registration registration(EndpointName name) {
    return new Registration(
        "",
        1,
        name,
        NOW,
        NOW,
        Duration.ofSeconds(600),
        "1.1",
        "U",
        true,
        "10.0.0.1:5683",
        "</1/0>,</3/0>",
        Map.of("x", "y\tz"),
        "n1");
  }

  private static Registration withId(Stores stores, Registration of) {
    return new Registration(
        stores.registrations().newId(of.endpointName()),
        of.account(),
        of.endpointName(),
        of.registeredAt(),
        of.lastContact(),
        of.lifetime(),
        of.lwM2mVersion(),
        of.binding(),
        of.queueMode(),
        of.address(),
        of.objectLinks(),
        of.additional(),
        of.node());
  }

  /**
   * Every key with what it holds; not the index, which is made anew with other numbers, and not
   * what devices told, which no backup has.
   */
  private static Map<String, Object> contents(TestRedis redis) {
    Map<String, Object> contents = new TreeMap<>();
    for (Object found : Bytes.list(redis.command(Command.KEYS, "*"))) {
      String key = Bytes.text(found);
      if (key.contains("}:x:") || key.contains("}:d:") || key.endsWith("}:reports")) {
        continue;
      }
      String type = Bytes.text(redis.command(Command.TYPE, key));
      contents.put(
          key,
          switch (type) {
            case "hash" -> pairs(redis.command(Command.HGETALL, key));
            case "zset" -> texts(redis.command(Command.ZRANGE, key, "0", "-1", "WITHSCORES"));
            case "stream" -> texts(redis.command(Command.XRANGE, key, "-", "+"));
            default -> Bytes.text(redis.command(Command.GET, key));
          });
    }
    return contents;
  }

  private static Map<Object, Object> pairs(Object reply) {
    Map<Object, Object> pairs = new TreeMap<>();
    List<Object> texts = texts(reply);
    for (int i = 0; i < texts.size(); i += 2) {
      pairs.put(texts.get(i), texts.get(i + 1));
    }
    pairs.remove("#");
    pairs.keySet().removeIf(field -> field.toString().startsWith("opq:"));
    return pairs;
  }

  private static List<Object> texts(Object reply) {
    List<Object> texts = new ArrayList<>();
    for (Object part : Bytes.list(reply)) {
      texts.add(part instanceof List<?> list ? texts(list) : Bytes.text(part));
    }
    return texts;
  }
}
