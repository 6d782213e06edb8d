package org.firstlight.redis.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.redis.TestRedis.await;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.configuration.ReportedValues;
import org.firstlight.fleet.configuration.ReportedValues.Kept;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.Where;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

@ParameterizedClass
@EnumSource
class RedisReportedValuesTest {
  @Parameter Where where;

  private static final Instant AT = Instant.parse("2030-01-02T03:04:05.678Z");

  private static final FleetEvent CHANGED =
      FleetEvent.of(
          AT,
          "device.values-changed",
          new EndpointName("urn:dev:values"),
          Map.of("source", "read"));

  private static TestRedis redis;
  private static ReportedValues values;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    redis = new TestRedis(where);
    values = redis.stores().values();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    redis.close();
  }

  private static EndpointName registered(String name) {
    byte[] ids = Keys.registrations(Shard.of(name))[2];
    redis.command(Command.HSET, Bytes.text(ids), name, "1:" + Shard.word(Shard.of(name)) + "x");
    return new EndpointName(name);
  }

  @Test
  void keeps_the_last_value_of_each_path() {
    EndpointName device = registered("urn:dev:values");
    ReportedValue first = new ReportedValue("STRING", "a\tb\\\n", AT, "read");
    ReportedValue second = new ReportedValue("INTEGER", "42", AT.plusSeconds(1), "notify");
    FleetEvent told = FleetEvent.of(AT, "device.values-changed", device, Map.of("told", "twice"));
    await(values.store(device, Map.of("/3/0/0", first, "/3/0/9", first), AT, told, List.of()));
    await(values.store(device, Map.of("/3/0/9", second), AT, told, List.of()));
    await(values.store(device, Map.of(), AT, told, List.of()));

    assertThat(await(values.find(device))).isEqualTo(Map.of("/3/0/0", first, "/3/0/9", second));
    assertThat(await(values.find(new EndpointName("urn:dev:other")))).isEmpty();
    assertThat(await(redis.stores().events().newest(10)))
        .extracting(Entry::event)
        .filteredOn(event -> event.details().equals(Map.of("told", "twice")))
        .hasSize(2);
  }

  @Test
  void a_device_that_tells_of_paths_without_end_is_bounded_and_still_renews_the_first() {
    EndpointName device = registered("urn:dev:endless");
    ReportedValue first = new ReportedValue("INTEGER", "1", AT, "send");
    ReportedValue second = new ReportedValue("INTEGER", "2", AT.plusSeconds(1), "send");
    Map<String, ReportedValue> many = new HashMap<>();
    for (int i = 0; i < RedisReportedValues.MOST_PATHS; i++) {
      many.put("/33000/0/" + i, first);
    }
    await(values.store(device, many, AT, CHANGED, List.of()));

    await(
        values.store(
            device, Map.of("/33000/0/0", second, "/33001/0/0", second), AT, CHANGED, List.of()));

    assertThat(await(values.find(device)))
        .hasSize(RedisReportedValues.MOST_PATHS)
        .containsEntry("/33000/0/0", second)
        .doesNotContainKey("/33001/0/0");
  }

  @Test
  void what_came_while_an_answer_was_on_its_way_is_newer_than_the_answer() {
    EndpointName device = registered("urn:dev:crossing");
    ReportedValue before = new ReportedValue("INTEGER", "1", AT, "notify");
    ReportedValue between = new ReportedValue("INTEGER", "2", AT.plusMillis(20), "send");
    ReportedValue later = new ReportedValue("INTEGER", "3", AT.plusSeconds(9), "send");
    ReportedValue answer = new ReportedValue("INTEGER", "4", AT.plusMillis(30), "read");
    Map<String, ReportedValue> stored =
        Map.of("/3/0/9", before, "/3/0/10", between, "/3/0/13", later);
    await(values.store(device, stored, AT, CHANGED, List.of()));

    FleetEvent told = FleetEvent.of(AT.plusMillis(30), "device.values-changed", device, Map.of());
    await(
        values.store(
            device,
            Map.of("/3/0/9", answer, "/3/0/10", answer, "/3/0/13", answer, "/3/0/0", answer),
            AT.plusMillis(10),
            told,
            List.of()));

    // a value from the future tells of a clock that was wrong, and may not stand in the way
    assertThat(await(values.find(device)))
        .isEqualTo(
            Map.of("/3/0/9", answer, "/3/0/10", between, "/3/0/13", answer, "/3/0/0", answer));
  }

  @Test
  void nothing_is_stored_by_records_that_have_changed_since() {
    EndpointName device = registered("urn:dev:sold");
    ReportedValue value = new ReportedValue("STRING", "x", AT, "send");
    FleetEvent told = FleetEvent.of(AT, "device.values-changed", device, Map.of("told", "late"));
    Function<Long, List<Change.Edit.Keep<?>>> version =
        number ->
            List.of(
                new Change.Edit.Keep<>(Kinds.WRITTEN_SECRETS, device.value(), 0),
                new Change.Edit.Keep<>(Kinds.JOURNEY, device.value(), number));
    await(
        redis
            .stores()
            .records()
            .commit(
                Change.in(device.value())
                    .put(Kinds.JOURNEY, device.value(), 0, new JourneyRecord(List.of()))
                    .build()));

    assertThat(await(values.store(device, Map.of("/3/0/0", value), AT, told, version.apply(0L))))
        .isEqualTo(Kept.RECORDS_CHANGED);
    assertThat(await(values.store(device, Map.of("/3/0/0", value), AT, told, version.apply(2L))))
        .isEqualTo(Kept.RECORDS_CHANGED);
    assertThat(await(values.find(device))).isEmpty();
    assertThat(await(redis.stores().events().newest(1_000)))
        .noneMatch(entry -> entry.event().details().equals(told.details()));

    assertThat(await(values.store(device, Map.of("/3/0/0", value), AT, told, version.apply(1L))))
        .isEqualTo(Kept.STORED);
    assertThat(await(values.find(device))).isEqualTo(Map.of("/3/0/0", value));
  }

  @Test
  void nothing_is_stored_of_a_device_that_is_not_registered() {
    EndpointName device = new EndpointName("urn:dev:gone");
    ReportedValue value = new ReportedValue("STRING", "x", AT, "notify");
    FleetEvent told = FleetEvent.of(AT, "device.values-changed", device, Map.of("told", "gone"));

    assertThat(await(values.store(device, Map.of("/3/0/0", value), AT, told, List.of())))
        .isEqualTo(Kept.NOT_REGISTERED);

    assertThat(await(values.find(device))).isEmpty();
    assertThat(await(redis.stores().events().newest(1_000)))
        .noneMatch(entry -> entry.event().details().equals(told.details()));
  }

  @Test
  void what_is_forgotten_is_gone() {
    EndpointName device = registered("urn:dev:forgotten");
    await(
        values.store(
            device,
            Map.of("/3/0/0", new ReportedValue("STRING", "x", AT, "read")),
            AT,
            CHANGED,
            List.of()));

    await(values.forget(device));

    assertThat(await(values.find(device))).isEmpty();
  }

  @Test
  void a_value_in_a_foreign_form_hides_no_other() {
    EndpointName device = registered("urn:dev:foreign");
    ReportedValue good = new ReportedValue("STRING", "", AT, "send");
    await(values.store(device, Map.of("/3/0/0", good), AT, CHANGED, List.of()));
    redis.command(Command.HSET, new String(Keys.values(device)), "/3/0/1", "9\tx");

    assertThat(await(values.find(device))).isEqualTo(Map.of("/3/0/0", good));
  }
}
