package org.firstlight.redis.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.Where;
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
class RedisEventStreamTest {
  @Parameter Where where;

  private static TestRedis redis;
  private static EventStream events;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    redis = new TestRedis(where);
    events = redis.stores().events();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    redis.close();
  }

  @Test
  void follows_from_now_on_every_shard_in_order() {
    String run = run();
    publish(run, 0, 5);
    List<Entry> seen = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        "",
        entry -> add(seen, run, entry),
        () -> {
          // a follower begins when it has asked Redis: later events reach it for certain
          await()
              .until(
                  () -> {
                    publish(run, -1, 0);
                    return !seen.isEmpty();
                  });
          seen.clear();
          publish(run, 5, 300);
          await()
              .untilAsserted(
                  () ->
                      assertThat(numbers(seen)).containsExactlyInAnyOrderElementsOf(range(5, 300)));
        });
  }

  @Test
  void goes_on_after_a_cursor_without_a_gap() {
    String run = run();
    publish(run, 0, 400);
    List<Entry> newest =
        TestRedis.await(events.newest(10_000)).stream()
            .filter(entry -> run.equals(entry.event().details().get("run")))
            .toList();
    assertThat(numbers(newest)).containsExactlyInAnyOrderElementsOf(range(0, 400));

    for (int from : List.of(0, 1, 199, 398)) {
      List<Entry> seen = Collections.synchronizedList(new ArrayList<>());
      String cursor = newest.get(from).cursor();
      List<Integer> after = numbers(newest.subList(from + 1, 400));
      whileFollowing(
          cursor,
          entry -> add(seen, run, entry),
          () -> {
            // at least once: some of the same millisecond may come again
            await().untilAsserted(() -> assertThat(numbers(seen)).containsAll(after));
            assertThat(seen).extracting(Entry::cursor).doesNotContain(cursor);
          });
    }
  }

  @Test
  void many_events_of_one_shard_come_in_order_beside_those_of_others() {
    String run = run();
    String hot = "urn:dev:hot-" + run;
    publish(run, 0, 1);
    String cursor = TestRedis.await(events.newest(1)).get(0).cursor();
    for (int i = 1; i < 700; i++) {
      TestRedis.await(
          redis
              .stores()
              .records()
              .commit(Change.in(i % 7 == 0 ? hot + i : hot).event(event(run, i)).build()));
    }
    List<Entry> seen = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        cursor,
        entry -> add(seen, run, entry),
        () -> {
          await()
              .untilAsserted(
                  () -> assertThat(numbers(seen).stream().distinct().toList()).hasSize(699));
          List<Long> millis =
              seen.stream().map(e -> StreamPosition.parse(e.cursor()).millis()).toList();
          assertThat(millis).isSorted();
        });
    assertThat(numbers(TestRedis.await(events.newest(150)))).containsAll(range(601, 700));
  }

  @Test
  void newest_gives_that_many_oldest_first() {
    String run = run();
    publish(run, 0, 60);
    List<Entry> newest = TestRedis.await(events.newest(20));
    assertThat(newest).hasSize(20);
    List<Entry> all = TestRedis.await(events.newest(10_000));
    assertThat(newest).isEqualTo(all.subList(all.size() - 20, all.size()));
    assertThat(TestRedis.await(events.newest(0))).isEmpty();
  }

  @Test
  void goes_on_by_itself_after_redis_was_away() {
    String run = run();
    publish(run, 0, 1);
    String cursor = TestRedis.await(events.newest(1)).get(0).cursor();
    List<Entry> seen = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        cursor,
        entry -> add(seen, run, entry),
        () -> {
          publish(run, 1, 10);
          await().untilAsserted(() -> assertThat(numbers(seen)).containsAll(range(1, 10)));
          redis.kill(0);
          await().ignoreExceptions().untilAsserted(() -> publish(run, 10, 11));
          await().ignoreExceptions().untilAsserted(() -> publish(run, 11, 20));
          await().untilAsserted(() -> assertThat(numbers(seen)).containsAll(range(1, 20)));
        });
  }

  @Test
  void a_foreign_entry_and_a_failing_consumer_stop_nothing() {
    String run = run();
    publish(run, 0, 1);
    String cursor = TestRedis.await(events.newest(1)).get(0).cursor();
    redis.command(Command.XADD, new String(Keys.events(7)), "*", "e", "{\"what\":1}");
    redis.command(Command.XADD, new String(Keys.events(8)), "*", "a", "b", "c", "d");
    publish(run, 1, 4);
    List<Entry> seen = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        cursor,
        entry -> {
          add(seen, run, entry);
          throw new IllegalStateException("a consumer's own fault");
        },
        () -> {
          await().untilAsserted(() -> assertThat(numbers(seen)).containsAll(range(1, 4)));
        });
  }

  @Test
  void who_follows_some_types_gets_no_others() {
    String run = run();
    publish(run, 0, 1);
    Entry first = TestRedis.await(events.newest(1)).get(0);
    String type = first.event().type();
    List<Entry> none = Collections.synchronizedList(new ArrayList<>());
    List<Entry> these = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        first.cursor(),
        other -> !other.equals(type),
        entry -> add(none, run, entry),
        () ->
            whileFollowing(
                first.cursor(),
                type::equals,
                entry -> add(these, run, entry),
                () -> {
                  publish(run, 1, 20);
                  TestRedis.await(
                      redis
                          .stores()
                          .records()
                          .commit(Change.in(run).event(another(run, 20)).build()));
                  await().untilAsserted(() -> assertThat(numbers(none)).containsOnly(20));
                  await().untilAsserted(() -> assertThat(numbers(these)).containsAll(range(1, 20)));
                  assertThat(numbers(these)).doesNotContain(20);
                }));
  }

  @Test
  void what_devices_tell_without_end_pushes_no_other_event_out() {
    String run = run();
    EndpointName device = new EndpointName("urn:dev:chatty-" + run);
    int shard = Shard.of(device.value());
    String ids = new String(Keys.registrations(shard)[2]);
    redis.command(Command.HSET, ids, device.value(), "1:" + Shard.word(shard) + "registered");
    publish(run, 0, 1);
    Entry happened =
        TestRedis.await(events.newest(10, "test.happened"::equals)).stream()
            .filter(entry -> run.equals(entry.event().details().get("run")))
            .findFirst()
            .orElseThrow();
    List<CompletableFuture<?>> told = new ArrayList<>();
    for (int i = 0; i < 3 * Keys.EVENTS_KEPT; i++) {
      FleetEvent changed = values(device, run, i);
      told.add(
          redis
              .stores()
              .values()
              .store(device, Map.of("/3/0/9", VALUE), changed.at(), changed, List.of())
              .toCompletableFuture());
    }
    told.forEach(TestRedis::await);

    assertThat(TestRedis.await(events.newest(10, "test.happened"::equals))).contains(happened);
    assertThat(numbers(TestRedis.await(events.newest(5)))).contains(3 * Keys.EVENTS_KEPT - 1);

    List<Entry> all = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        happened.cursor(),
        entry -> add(all, run, entry),
        () -> {
          publish(run, 1, 2);
          await().untilAsserted(() -> assertThat(numbers(all)).endsWith(1));
          assertThat(numbers(all)).contains(3 * Keys.EVENTS_KEPT - 1);
        });
    // from what a device told on, as from any other event
    String cursor = all.get(all.size() - 2).cursor();
    List<Entry> rest = Collections.synchronizedList(new ArrayList<>());
    whileFollowing(
        cursor,
        entry -> add(rest, run, entry),
        () -> await().untilAsserted(() -> assertThat(numbers(rest)).endsWith(1)));
  }

  private static final ReportedValue VALUE =
      new ReportedValue("INTEGER", "1", Instant.EPOCH, "send");

  private static FleetEvent values(EndpointName device, String run, int number) {
    return FleetEvent.of(
        Instant.now(),
        FleetEvent.VALUES_CHANGED,
        device,
        Map.of("run", run, "number", String.valueOf(number)));
  }

  private static FleetEvent another(String run, int number) {
    return new FleetEvent(
        Instant.EPOCH,
        "test.another",
        Optional.empty(),
        Optional.empty(),
        Map.of("run", run, "number", String.valueOf(number)));
  }

  @Test
  void a_cursor_that_is_not_ours_is_refused() {
    assertThatThrownBy(() -> events.follow("yesterday", entry -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void whileFollowing(String cursor, Consumer<Entry> consumer, Runnable body) {
    whileFollowing(cursor, type -> true, consumer, body);
  }

  private static void whileFollowing(
      String cursor, Predicate<String> types, Consumer<Entry> consumer, Runnable body) {
    AutoCloseable following = events.follow(cursor, types, consumer);
    try {
      body.run();
    } finally {
      try {
        following.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void add(List<Entry> seen, String run, Entry entry) {
    if (run.equals(entry.event().details().get("run"))) {
      seen.add(entry);
    }
  }

  private static List<Integer> numbers(List<Entry> entries) {
    return List.copyOf(entries).stream()
        .map(entry -> Integer.valueOf(entry.event().details().get("number")))
        .filter(number -> number >= 0)
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  private static void publish(String run, int from, int to) {
    for (int i = from; i < to; i++) {
      String home = "urn:dev:" + run + i;
      TestRedis.await(
          redis.stores().records().commit(Change.in(home).event(event(run, i)).build()));
    }
  }

  private static FleetEvent event(String run, int number) {
    return FleetEvent.of(
        Instant.now(),
        "test.happened",
        new EndpointName("urn:dev:" + run),
        Map.of("run", run, "number", Integer.toString(number)));
  }

  private static String run() {
    return UUID.randomUUID().toString();
  }
}
