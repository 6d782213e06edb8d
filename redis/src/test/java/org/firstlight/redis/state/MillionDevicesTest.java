package org.firstlight.redis.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.redis.TestRedis.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
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
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.pipeline.Bytes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol.Command;

/** Lists, finds and counts in a fleet of a million, and says how long it takes. */
@Tag("long")
class MillionDevicesTest {
  private static final Logger log = LoggerFactory.getLogger(MillionDevicesTest.class);
  private static final int DEVICES = Integer.getInteger("firstlight.devices", 1_000_000);
  private static final int AT_ONCE = 2_000;
  private static final int PAGE = 50;

  private TestRedis redis;
  private FleetState state;

  @Test
  void a_million_devices_are_found_in_bounded_work() throws Exception {
    try (TestRedis started = new TestRedis()) {
      redis = started;
      state = started.stores().records();
      long before = memory();
      fill();
      log.info("bytes per device, record and index: {}", (memory() - before) / DEVICES);

      Word configured = DeviceIndex.state(DeviceState.CONFIGURED);
      Word rare = DeviceIndex.tag("ten");
      String newest = DeviceIndex.BY_STATE_SINCE;
      time("first page, no filter", () -> page(search(Set.of())));
      time("first page, state", () -> page(search(Set.of(configured))));
      time("newest changes", () -> page(new Search(Set.of(), Optional.empty(), newest, true)));
      time(
          "newest changes of a state",
          () -> page(new Search(Set.of(configured), Optional.empty(), newest, true)));
      time(
          "tenant of one in fifty, by name",
          () -> page(search(Set.of(DeviceIndex.owner(Optional.of("t7"))))));
      time("counts per state", this::count);
      Page<Device> ten = time("a filter that matches 10", () -> page(search(Set.of(rare))));
      assertThat(ten.items()).hasSize(10);
      assertThat(ten.next()).isEmpty();
      Set<Word> few = Set.of(DeviceIndex.tag("even"), DeviceIndex.tag("odd-or-ten"));
      assertThat(time("two wide words that share 10", () -> page(search(few))).items()).hasSize(10);
      Search prefix =
          new Search(Set.of(), Optional.of("urn:dev:ops:32473-00"), DeviceIndex.BY_NAME, false);
      assertThat(time("a text, by name", () -> page(prefix)).items()).hasSize(PAGE);
      Optional<String> deep = deep(search(Set.of(configured)), DEVICES / 10);
      time("deep page, state", () -> page(search(Set.of(configured)), deep));
    }
  }

  private static Search search(Set<Word> words) {
    return new Search(words, Optional.empty(), DeviceIndex.BY_NAME, false);
  }

  private Page<Device> page(Search search) {
    return page(search, Optional.empty());
  }

  private Page<Device> page(Search search, Optional<String> cursor) {
    return await(state.search(Kinds.DEVICE, search, cursor, PAGE));
  }

  private long count() {
    List<Word> states = List.of(DeviceState.values()).stream().map(DeviceIndex::state).toList();
    long all =
        await(state.count(Kinds.DEVICE, Set.of(), states)).values().stream()
            .mapToLong(Long::longValue)
            .sum();
    assertThat(all).isEqualTo(DEVICES);
    return all;
  }

  /** A cursor far down the list. */
  private Optional<String> deep(Search search, int items) {
    Optional<String> cursor = Optional.empty();
    for (int i = 0; i < items; i += 500) {
      cursor = await(state.search(Kinds.DEVICE, search, cursor, 500)).next();
    }
    return cursor;
  }

  /**
   * Says the median of some runs, after as many that do not count, and what Redis worked for one:
   * that is the same on a busy machine, nearly.
   */
  private <T> T time(String what, Callable<T> work) throws Exception {
    List<Long> nanos = new ArrayList<>();
    T last = work.call();
    for (int i = 0; i < 30; i++) {
      last = work.call();
    }
    double cpu = redisSeconds();
    for (int i = 0; i < 30; i++) {
      long start = System.nanoTime();
      last = work.call();
      nanos.add(System.nanoTime() - start);
    }
    nanos.sort(null);
    log.info(
        "{}: Redis {} ms, median {} ms, slowest {} ms",
        what,
        Math.round((redisSeconds() - cpu) / 30 * 10_000) / 10.0,
        nanos.get(15) / 100_000 / 10.0,
        nanos.get(29) / 100_000 / 10.0);
    return last;
  }

  private void fill() throws InterruptedException {
    Semaphore room = new Semaphore(AT_ONCE);
    for (int i = 0; i < DEVICES; i++) {
      Device device = device(i);
      room.acquire();
      store(device, room);
    }
    room.acquire(AT_ONCE);
  }

  /** Again, when a busy machine let it wait too long. */
  private void store(Device device, Semaphore room) {
    String name = device.endpointName().value();
    state
        .commit(Change.in(name).put(Kinds.DEVICE, name, Change.ANY_VERSION, device).build())
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                room.release();
              } else {
                store(device, room);
              }
            });
  }

  private static Device device(int i) {
    boolean ten = i % (DEVICES / 10) == 0;
    DeviceState state = i % 10 == 0 ? DeviceState.LOST : DeviceState.CONFIGURED;
    return new Device(
        new EndpointName("urn:dev:ops:32473-%07d".formatted(i)),
        "acme",
        "%07d".formatted(i),
        Optional.empty(),
        "tracker-" + i % 20,
        "SN-%07d".formatted(i),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Claim("t" + i / 20 % 50, Instant.EPOCH, List.of())),
        state,
        Instant.ofEpochMilli(1_790_000_000_000L + i * 7L),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ten ? Set.of("ten", "even", "odd-or-ten") : Set.of(i % 2 == 0 ? "even" : "odd-or-ten"),
        Optional.empty());
  }

  private double redisSeconds() {
    String info = Bytes.text(redis.command(Command.INFO, "cpu"));
    return info.lines()
        .filter(line -> line.startsWith("used_cpu_") && line.contains("_main_thread:"))
        .mapToDouble(line -> Double.parseDouble(line.split(":")[1]))
        .sum();
  }

  private long memory() {
    String info = Bytes.text(redis.command(Command.INFO, "memory"));
    return Long.parseLong(info.split("used_memory:")[1].split("\r")[0]);
  }
}
