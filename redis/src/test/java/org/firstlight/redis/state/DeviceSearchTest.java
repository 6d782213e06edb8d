package org.firstlight.redis.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.redis.TestRedis.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.pipeline.Bytes;
import redis.clients.jedis.Protocol.Command;

/** After any changes, whatever is looked for is found as in a plain list of the devices. */
class DeviceSearchTest {
  private static TestRedis redis;
  private static FleetState state;

  @BeforeContainer
  static void start() {
    redis = new TestRedis();
    state = redis.stores().records();
  }

  @AfterContainer
  static void stop() {
    redis.close();
  }

  /** A device that is stored, or taken out if {@code there} is false. */
  record Write(Device device, boolean there) {}

  @Property(tries = 12)
  void what_is_found_is_what_was_stored(
      @ForAll("writes") List<Write> writes, @ForAll("searches") List<Search> searches) {
    redis.command(Command.FLUSHALL);
    Map<String, Device> model = new HashMap<>();

    writes.stream().map(write -> state.commit(change(write))).toList().forEach(TestRedis::await);
    for (Write write : writes) {
      String name = write.device().endpointName().value();
      if (write.there()) {
        model.put(name, write.device());
      } else {
        model.remove(name);
      }
    }

    for (Search search : searches) {
      for (int limit : List.of(1, 7, 100)) {
        assertThat(found(search, limit)).isEqualTo(expected(model, search));
      }
      assertThat(counts(search.words())).isEqualTo(expectedCounts(model, search.words()));
    }
  }

  /** Shards go on being asked then, each as far as the page needs it. */
  @Example
  void pages_are_whole_where_two_shards_hold_most_and_the_words_lie_at_one_end() {
    redis.command(Command.FLUSHALL);
    Map<String, Device> model = new HashMap<>();
    for (int i = 0; model.size() < 1_500; i++) {
      String name = "urn:dev:%05d".formatted(i);
      if (Shard.of(name) < 2 || i % 60 == 0) {
        boolean late = model.size() > 1_200;
        Device device = device(name, late ? 2 * i + 1 : 2 * i);
        model.put(name, device.withTags(Set.of(late ? "late" : "early")));
      }
    }
    for (int i = 0; i < 60; i++) {
      // its serial number begins so too
      model.put("s-7" + i, device("s-7" + i, i % 2 == 0 ? 7 : 8));
    }
    model.values().stream()
        .map(device -> state.commit(change(new Write(device, true))))
        .toList()
        .forEach(TestRedis::await);

    List<Set<Word>> words =
        List.of(
            Set.of(),
            Set.of(DeviceIndex.tag("late")),
            Set.of(DeviceIndex.model("m1")),
            Set.of(DeviceIndex.owner(Optional.of("acme")), DeviceIndex.tag("late")),
            Set.of(DeviceIndex.tag("nobody")));
    for (Set<Word> some : words) {
      for (String order : List.of(DeviceIndex.BY_NAME, DeviceIndex.BY_STATE_SINCE)) {
        for (boolean down : List.of(true, false)) {
          for (Optional<String> text :
              List.of(Optional.<String>empty(), Optional.of("URN:"), Optional.of("S-7"))) {
            Search search = new Search(some, text, order, down);
            assertThat(found(search, 50)).as("%s", search).isEqualTo(expected(model, search));
          }
        }
      }
    }
  }

  @Example
  void a_page_of_a_filter_costs_hardly_more_than_one_script_a_shard() {
    redis.command(Command.FLUSHALL);
    IntStream.range(0, 4_000)
        .mapToObj(i -> device("urn:dev:%05d".formatted(i), i))
        .map(device -> state.commit(change(new Write(device, true))))
        .toList()
        .forEach(TestRedis::await);
    Search search =
        new Search(Set.of(DeviceIndex.model("m1")), Optional.empty(), DeviceIndex.BY_NAME, false);
    await(state.search(Kinds.DEVICE, search, Optional.empty(), 50));

    long before = scripts();
    Page<Device> page = await(state.search(Kinds.DEVICE, search, Optional.empty(), 50));

    assertThat(page.items()).hasSize(50);
    assertThat(scripts() - before).isLessThan(Shard.COUNT * 5 / 4);
  }

  private static long scripts() {
    String stats = Bytes.text(redis.command(Command.INFO, "commandstats"));
    return Long.parseLong(stats.split("cmdstat_evalsha:calls=")[1].split(",")[0]);
  }

  private static Change change(Write write) {
    String name = write.device().endpointName().value();
    Change.Builder change = Change.in(name);
    return write.there()
        ? change.put(Kinds.DEVICE, name, Change.ANY_VERSION, write.device()).build()
        : change.delete(Kinds.DEVICE, name, Change.ANY_VERSION).build();
  }

  static List<String> found(Search search, int limit) {
    List<String> names = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<Device> page = await(state.search(Kinds.DEVICE, search, cursor, limit));
      page.items().forEach(one -> names.add(one.id()));
      cursor = page.next();
    } while (cursor.isPresent());
    return names;
  }

  private static List<String> expected(Map<String, Device> model, Search search) {
    Comparator<Device> order =
        switch (search.order()) {
          case DeviceIndex.BY_STATE_SINCE -> Comparator.comparing(Device::stateSince);
          case DeviceIndex.BY_SERIAL -> Comparator.comparing(one -> lower(one.serialNumber()));
          default -> Comparator.comparing(one -> lower(one.endpointName().value()));
        };
    // of two keys that are the same, a name in lower case comes first where the key is the name
    order =
        order.thenComparing(
            one -> {
              String name = one.endpointName().value();
              boolean isKey =
                  search.order().equals(DeviceIndex.BY_NAME) && name.equals(lower(name));
              return isKey ? "" : name;
            });
    return model.values().stream()
        .filter(device -> wordsOf(device).containsAll(search.words()))
        .filter(
            device ->
                search.text().isEmpty()
                    || lower(device.endpointName().value()).startsWith(lower(search.text().get()))
                    || lower(device.serialNumber()).startsWith(lower(search.text().get())))
        .sorted(search.descending() ? order.reversed() : order)
        .map(device -> device.endpointName().value())
        .toList();
  }

  private static Map<Word, Long> counts(Set<Word> words) {
    return await(state.count(Kinds.DEVICE, words, states()));
  }

  private static Map<Word, Long> expectedCounts(Map<String, Device> model, Set<Word> words) {
    Map<Word, Long> counts = new HashMap<>();
    states().forEach(word -> counts.put(word, 0L));
    model.values().stream()
        .filter(device -> wordsOf(device).containsAll(words))
        .forEach(device -> counts.merge(DeviceIndex.state(device.state()), 1L, Long::sum));
    return counts;
  }

  private static List<Word> states() {
    return List.of(DeviceState.values()).stream().map(DeviceIndex::state).toList();
  }

  private static Set<Word> wordsOf(Device device) {
    Set<Word> words = new HashSet<>();
    words.add(DeviceIndex.state(device.state()));
    words.add(DeviceIndex.owner(device.owner()));
    words.add(DeviceIndex.model(device.model()));
    device.tags().forEach(tag -> words.add(DeviceIndex.tag(tag)));
    return words;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Few names, so that they meet again, in two shards mostly; many devices in the same state. */
  @Provide
  Arbitrary<List<Write>> writes() {
    return write().list().ofMinSize(0).ofMaxSize(600);
  }

  private Arbitrary<Write> write() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 400),
            Arbitraries.integers().between(0, 1_000_000),
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(5, true), net.jqwik.api.Tuple.of(1, false)))
        .as(
            (which, random, there) ->
                new Write(
                    device((which % 3 == 0 ? "urn:dev:" : "URN:dev:") + which, random), there));
  }

  @Provide
  Arbitrary<List<Search>> searches() {
    Arbitrary<Set<Word>> words =
        Arbitraries.of(
                DeviceIndex.state(DeviceState.CLAIMED),
                DeviceIndex.state(DeviceState.LOST),
                DeviceIndex.owner(Optional.of("acme")),
                DeviceIndex.owner(Optional.empty()),
                DeviceIndex.model("m1"),
                DeviceIndex.tag("group:a"),
                DeviceIndex.tag("nobody"))
            .set()
            .ofMaxSize(2);
    Arbitrary<String> order =
        Arbitraries.of(DeviceIndex.BY_NAME, DeviceIndex.BY_STATE_SINCE, DeviceIndex.BY_SERIAL);
    return Combinators.combine(
            words,
            Arbitraries.of("urn:DEV:1", "urn:", "S-7", "s-", "", "zzz").optional(0.5),
            order,
            Arbitraries.of(true, false))
        .as((set, text, by, down) -> new Search(set, text.filter(t -> !t.isEmpty()), by, down))
        .list()
        .ofSize(6);
  }

  static Device device(String name, int random) {
    DeviceState[] states = DeviceState.values();
    return new Device(
        new EndpointName(name),
        "acme",
        "f" + random,
        Optional.empty(),
        "m" + random % 2,
        "S-" + random % 100,
        Optional.empty(),
        Optional.empty(),
        random % 5 == 0
            ? Optional.empty()
            : Optional.of(new Claim(random % 7 < 5 ? "acme" : "other", Instant.EPOCH, List.of())),
        random % 11 < 8 ? DeviceState.CLAIMED : states[random % states.length],
        Instant.ofEpochMilli(1_700_000_000_000L + random % 50),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        random % 13 < 6 ? Set.of("group:a", "t" + random % 40) : Set.of(),
        Optional.empty());
  }
}
