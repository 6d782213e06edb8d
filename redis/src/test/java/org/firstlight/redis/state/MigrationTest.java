package org.firstlight.redis.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.firstlight.redis.TestRedis.await;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.CertificateUsage;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Shard;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Protocol.Command;

/** Records that earlier releases wrote, read by a kind in its third format. */
class MigrationTest {
  /** Once {"name"}, then {"label"}, now {"label", "size"}. */
  record Box(String label, int size) {}

  private static final UnaryOperator<Map<String, Object>> NAME_BECOMES_LABEL =
      tree -> {
        Map<String, Object> next = new TreeMap<>(tree);
        next.put("label", next.remove("name").toString());
        return next;
      };
  private static final UnaryOperator<Map<String, Object>> WITH_SIZE =
      tree -> {
        Map<String, Object> next = new TreeMap<>(tree);
        next.put("size", next.get("label").toString().length());
        return next;
      };
  private static final Kind<Box> BOX =
      new Kind<>(
          "box", Box.class, 3, true, Optional.empty(), List.of(NAME_BECOMES_LABEL, WITH_SIZE));

  private static TestRedis redis;
  private static FleetState state;

  @BeforeAll
  static void start() {
    redis = new TestRedis();
    state = redis.stores().records();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Test
  void an_old_record_is_read_through_every_step_and_stored_anew_when_written() {
    stored("first", "4 1 {\"name\":\"blue\"}");
    stored("second", "7 2 {\"label\":\"green\"}");

    var first = await(state.find(BOX, "first", "first")).orElseThrow();
    assertThat(first.value()).isEqualTo(new Box("blue", 4));
    assertThat(first.version()).isEqualTo(4);
    assertThat(await(state.find(BOX, "second", "second")).orElseThrow().value())
        .isEqualTo(new Box("green", 5));
    assertThat(raw("first")).isEqualTo("4 1 {\"name\":\"blue\"}");

    await(
        state.edit(
            BOX,
            "first",
            "first",
            found ->
                Optional.of(
                    Change.in("first")
                        .put(BOX, "first", found.version(), new Box(found.value().label(), 9))
                        .build())));
    assertThat(raw("first")).isEqualTo("5 3 {\"label\":\"blue\",\"size\":9}");
  }

  @Test
  void a_record_that_a_step_cannot_bring_on_is_set_aside_with_the_reason() {
    stored("odd", "1 1 {\"title\":\"secret\"}");
    stored("none", "1 0 {\"name\":\"x\"}");

    assertThat(await(state.find(BOX, "odd", "odd"))).isEmpty();
    assertThat(await(state.find(BOX, "none", "none"))).isEmpty();

    assertThat(raw("odd")).isNull();
    assertThat(aside("odd"))
        .startsWith("it could not be brought from format 1 to 2 (NullPointerException)\t")
        .endsWith("\n1 1 {\"title\":\"secret\"}");
    assertThat(aside("none")).startsWith("its format is 0\t");
    assertThat(await(redis.stores().events().newest(100)))
        .extracting(Entry::event)
        .filteredOn(event -> event.type().equals("record.set-aside"))
        .extracting(FleetEvent::details)
        .anySatisfy(details -> assertThat(details).containsEntry("id", "odd"))
        .allSatisfy(details -> assertThat(details.toString()).doesNotContain("secret"));
  }

  @Test
  void manufacturer_of_the_first_format_stays_trusted_for_its_cas() {
    redis.command(
        Command.HSET,
        Bytes.text(Keys.records("acme")),
        "man:acme",
        "3 1 {\"id\":\"acme\",\"name\":\"Acme\",\"state\":\"ACTIVE\",\"anchors\":[\"PEM\"],"
            + "\"identityRule\":\"SAN_URI\",\"namespace\":\"urn:acme:\",\"endpointNames\":{},"
            + "\"maxPathLength\":1,\"deniedKeys\":[]}");

    Manufacturer acme = await(state.find(Kinds.MANUFACTURER, "acme", "acme")).orElseThrow().value();

    assertThat(acme.anchors()).containsExactly("PEM");
    assertThat(acme.unproven()).isEmpty();
  }

  @Test
  void plan_of_an_earlier_format_trusts_the_ca_of_the_server() {
    String json =
        "{\"id\":\"old\",\"tenant\":\"platform\",\"models\":[],\"owners\":[],\"priority\":0,"
            + "\"account\":{\"shortServerId\":1,\"securityInstanceId\":1,\"serverInstanceId\":0,"
            + "\"lifetime\":\"PT5M\",\"binding\":\"U\"},\"credential\":\"ISSUED_KEY\","
            + "\"subscription\":\"NONE\",\"apns\":{},\"cellular\":{},\"optional\":[],"
            + "\"timing\":{\"waitBeforeFirstWrite\":\"PT0S\",\"requestTimeout\":\"PT5S\","
            + "\"blockSize\":1024},\"countries\":[]}";
    String home = Bytes.text(Keys.records("old"));
    redis.command(Command.HSET, home, "pln:old", "7 3 " + json);
    redis.command(Command.HSET, home, "plv:1", "1 1 " + json);

    for (var plan :
        List.of(
            await(state.find(Kinds.PLAN, "old", "old")),
            await(state.find(Kinds.PLAN_REVISION, "old", "1")))) {
      assertThat(plan.orElseThrow().value().account().certificateUsage())
          .isEqualTo(CertificateUsage.TRUST_ANCHOR_ASSERTION);
      assertThat(plan.orElseThrow().value().account().binding()).isEqualTo("U");
    }
  }

  @Test
  void revocation_of_the_first_format_still_ends_its_certificate() {
    String home = "urn:dev:ops:32473-revoked";
    redis.command(
        Command.HSET,
        Bytes.text(Keys.records(home)),
        "crv:c1",
        "1 1 {\"endpointName\":\"urn:dev:ops:32473-revoked\",\"account\":1,"
            + "\"serialNumber\":\"c1\",\"sha256\":\"00\",\"notBefore\":\"2026-11-01T00:00:00Z\","
            + "\"notAfter\":\"2028-11-01T00:00:00Z\",\"est\":true,"
            + "\"revokedAt\":\"2026-11-02T00:00:00Z\",\"reason\":\"KEY_COMPROMISE\"}");

    RevokedCertificate revoked =
        await(state.find(Kinds.REVOKED_CERTIFICATE, home, "c1")).orElseThrow().value();

    assertThat(revoked.opensNothing()).isTrue();
    assertThat(revoked.keySha256()).isEmpty();
  }

  @Test
  void a_device_of_the_second_format_is_read_and_packed_when_written() {
    EndpointName name = new EndpointName("urn:dev:ops:32473-old");
    String home = name.value();
    String json =
        "{\"endpointName\":\"urn:dev:ops:32473-old\",\"manufacturer\":\"acme\","
            + "\"factoryId\":\"old\",\"model\":\"m1\",\"serialNumber\":\"7\","
            + "\"state\":\"EXPECTED\",\"stateSince\":\"2026-11-01T00:00:00Z\",\"tags\":[]}";
    redis.command(Command.HSET, Bytes.text(Keys.records(home)), "dev:" + home, "5 2 " + json);

    await(
        state.edit(
            Kinds.DEVICE,
            home,
            home,
            found ->
                Optional.of(
                    Change.in(home)
                        .put(
                            Kinds.DEVICE,
                            home,
                            found.version(),
                            found.value().withTags(Set.of("north")))
                        .build())));

    byte[] stored =
        (byte[]) redis.command(Command.HGET, Bytes.text(Keys.records(home)), "dev:" + home);
    assertThat(Bytes.text(stored))
        .startsWith("6 " + Kinds.DEVICE.formatVersion() + " \u0001")
        .doesNotContain("stateSince");
    assertThat(stored.length).isLessThan(json.length() * 2 / 3);
    Device device = await(state.find(Kinds.DEVICE, home, home)).orElseThrow().value();
    assertThat(device.tags()).containsExactly("north");
    assertThat(device.endpointName()).isEqualTo(name);
  }

  @Test
  void a_packed_record_that_cannot_be_unpacked_is_set_aside_and_a_later_release_s_stays() {
    redis.command(Command.HSET, Bytes.text(Keys.records("torn")), "jrn:torn", "1 2 \u0001nonsense");
    redis.command(
        Command.HSET, Bytes.text(Keys.records("later")), "jrn:later", "1 2 \u0002whatever");

    assertThat(await(state.find(Kinds.JOURNEY, "torn", "torn"))).isEmpty();
    Object aside =
        redis.command(Command.HGET, Bytes.text(Keys.aside(Shard.of("torn"))), "jrn:torn of torn");
    assertThat(Bytes.text(aside)).startsWith("it cannot be unpacked\t");
    assertThatThrownBy(() -> await(state.find(Kinds.JOURNEY, "later", "later")))
        .hasMessageContaining("packed as this release does not know");
    assertThat(redis.command(Command.HGET, Bytes.text(Keys.records("later")), "jrn:later"))
        .isNotNull();
  }

  @Test
  void a_kind_has_a_step_for_each_format_before() {
    assertThatThrownBy(
            () -> new Kind<>("box", Box.class, 3, true, Optional.empty(), List.of(WITH_SIZE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 2 upgrades");
  }

  private static void stored(String home, String record) {
    redis.command(Command.HSET, Bytes.text(Keys.records(home)), "box:" + home, record);
  }

  private static String raw(String home) {
    Object found = redis.command(Command.HGET, Bytes.text(Keys.records(home)), "box:" + home);
    return found == null ? null : Bytes.text(found);
  }

  private static String aside(String home) {
    String name = "box:" + home + " of " + home;
    return Bytes.text(redis.command(Command.HGET, Bytes.text(Keys.aside(Shard.of(home))), name));
  }
}
