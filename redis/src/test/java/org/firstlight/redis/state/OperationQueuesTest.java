package org.firstlight.redis.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.firstlight.redis.TestRedis.await;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.operation.Claim;
import org.firstlight.fleet.operation.EndedOperation;
import org.firstlight.fleet.operation.Ending;
import org.firstlight.fleet.operation.Ending.How;
import org.firstlight.fleet.operation.OperationQueue;
import org.firstlight.fleet.operation.OperationQueues;
import org.firstlight.fleet.operation.QueuedOperation;
import org.firstlight.fleet.operation.TakenOperation;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.Where;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

@ParameterizedClass
@EnumSource
class OperationQueuesTest {
  @Parameter Where where;

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final Duration CLAIM = Duration.ofSeconds(30);

  private static TestRedis redis;
  private static OperationQueues queues;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    redis = new TestRedis(where);
    queues = new OperationQueues(redis.stores().records());
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    redis.close();
  }

  @Test
  void requests_go_one_at_a_time_by_priority_and_arrival_and_events_tell_of_them() {
    EndpointName device = owned("urn:dev:order");
    ask(device, "late", 0, true);
    ask(device, "first", 5, true);
    ask(device, "second", 5, true);

    assertThat(take(device, "a", NOW).operation().id()).isEqualTo("first");
    assertThat(await(queues.take(device, claim("b", NOW), NOW))).isEmpty();
    finish(device, "a");
    assertThat(take(device, "b", NOW).operation().payload()).contains(secret());
    await(queues.finish(device, "b", Ending.failed(refused()), NOW));
    assertThat(await(queues.cancel(device, "late", NOW)).result()).isPresent();

    OperationQueue queue = await(queues.find(device));
    assertThat(queue.waiting()).isEmpty();
    assertThat(queue.ended())
        .extracting(EndedOperation::id)
        .containsExactly("late", "second", "first");
    assertThat(queue.ended())
        .extracting(over -> over.ending().code())
        .containsExactly("", "DEVICE_REJECTED", "2.04");
    assertThat(await(redis.stores().events().newest(1000)))
        .extracting(Entry::event)
        .filteredOn(event -> event.endpointName().equals(Optional.of(device)))
        .allSatisfy(event -> assertThat(event.tenant()).contains("acme"))
        .extracting(event -> event.type() + " " + event.details().get("id"))
        .containsExactly(
            "operation.queued late",
            "operation.queued first",
            "operation.queued second",
            "operation.ended first",
            "operation.ended second",
            "operation.ended late");
    assertThat(raw(device)).doesNotContain("box");
  }

  @Test
  void two_nodes_at_once_never_send_the_same_request() throws Exception {
    EndpointName device = owned("urn:dev:race");
    List<String> asked = IntStream.range(0, 60).mapToObj(i -> "r" + i).toList();
    asked.forEach(id -> ask(device, id, 0, false));
    ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();
    ExecutorService nodes = Executors.newFixedThreadPool(4);
    try (RedisStores other = RedisStores.open(redis.settings(), Clock.systemUTC())) {
      OperationQueues theirs = new OperationQueues(other.stores().records());
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        done.add(nodes.submit(node(i, i % 2 == 0 ? queues : theirs, device, sent)));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      nodes.shutdownNow();
    }
    assertThat(sent).containsExactlyElementsOf(asked);
  }

  private static Callable<Void> node(
      int number, OperationQueues queues, EndpointName device, ConcurrentLinkedQueue<String> sent) {
    return () -> {
      for (int i = 0; !await(queues.find(device)).due().isEmpty(); i++) {
        Claim claim = claim(number + "-" + i, NOW);
        Optional<TakenOperation> taken = await(queues.take(device, claim, NOW));
        taken.ifPresent(on -> sent.add(on.operation().id()));
        if (taken.isPresent()) {
          await(queues.finish(device, claim.id(), Ending.done("2.04"), NOW));
        }
      }
      return null;
    };
  }

  @Test
  void what_a_dead_node_had_taken_goes_again_or_ends_as_unknown() {
    EndpointName device = owned("urn:dev:dead-node");
    ask(device, "read", 1, true);
    ask(device, "execute", 0, false);
    take(device, "dead", NOW);
    assertThat(await(queues.take(device, claim("next", NOW), NOW.plus(CLAIM).minusMillis(1))))
        .isEmpty();

    Instant later = NOW.plus(CLAIM);
    TakenOperation again = take(device, "next", later);
    assertThat(again.operation().id()).isEqualTo("read");
    assertThat(again.operation().lapses()).isEqualTo(1);
    assertThat(await(queues.finish(device, "dead", Ending.done("2.05"), later)).refusal())
        .hasValueSatisfying(late -> assertThat(late.code()).isEqualTo(FailureCode.CONFLICT));
    finish(device, "next");

    take(device, "dead too", later);
    await(queues.settle(later.plus(CLAIM), 100));
    OperationQueue queue = await(queues.find(device));
    assertThat(queue.taken()).isEmpty();
    assertThat(queue.ended().get(0).ending().how()).isEqualTo(How.OUTCOME_UNKNOWN);
    assertThat(queue.ended().get(0).id()).isEqualTo("execute");
  }

  @Test
  void what_its_device_did_not_come_for_ends_in_slices() {
    Instant past = NOW.minus(Duration.ofHours(1));
    List<EndpointName> devices =
        IntStream.range(0, 25).mapToObj(i -> owned("urn:dev:asleep-" + i)).toList();
    devices.forEach(
        device -> await(queues.enqueue(device, request("r", 0, true, past, past.plusSeconds(60)))));

    assertThat(await(redis.stores().records().due(Kinds.OPERATIONS, past.plusSeconds(59), 100)))
        .doesNotContainAnyElementsOf(devices.stream().map(EndpointName::value).toList());
    assertThat(await(queues.settle(past.plusSeconds(60), 10))).isEqualTo(10);
    assertThat(await(queues.settle(past.plusSeconds(60), 10))).isEqualTo(10);
    assertThat(await(queues.settle(past.plusSeconds(60), 10))).isEqualTo(5);
    for (EndpointName device : devices) {
      EndedOperation ended = await(queues.find(device)).ended().get(0);
      assertThat(ended.ending().code()).isEqualTo("DEVICE_UNREACHABLE");
    }
  }

  @Test
  void a_killed_redis_loses_nothing_and_what_is_repeated_is_done_once(@TempDir Path folder) {
    assumeThat(where).isEqualTo(Where.EMBEDDED);
    EndpointName device = new EndpointName("urn:dev:killed");
    // under everysec a killed Redis may lose what its busy disk held back
    try (EmbeddedRedis server = EmbeddedRedis.start(folder, Durability.ALWAYS);
        RedisStores stores = RedisStores.open(server.settings(), Clock.systemUTC())) {
      await(stores.stores().records().commit(owning(device, Optional.of("acme")).build()));
      OperationQueues durable = new OperationQueues(stores.stores().records());
      for (int i = 0; i < 6; i++) {
        String id = "r" + i;
        if (i % 2 == 1) {
          server.process().destroyForcibly();
        }
        again(() -> durable.enqueue(device, request(id, 0, true, NOW, NOW.plusSeconds(600))));
      }
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String claimId = "c" + i;
        if (i % 2 == 0) {
          server.process().destroyForcibly();
        }
        again(() -> durable.take(device, claim(claimId, NOW), NOW))
            .ifPresent(on -> sent.add(on.operation().id()));
        again(() -> durable.finish(device, claimId, Ending.done("2.04"), NOW));
      }
      assertThat(sent).containsExactly("r0", "r1", "r2", "r3", "r4", "r5");
      assertThat(await(durable.find(device)).ended()).hasSize(6);
    }
  }

  @Test
  void a_queue_that_cannot_be_read_is_set_aside_and_is_due_no_more() {
    EndpointName device = owned("urn:dev:broken-queue");
    ask(device, "lost", 0, true);
    int shard = Shard.of(device.value());
    String records = new String(Keys.records(device.value()));
    redis.command(Command.HSET, records, "opq:" + device, "7 1 {\"waiting\":");

    await(queues.settle(NOW.plus(Duration.ofDays(1)), 1000));

    assertThat(Bytes.list(redis.command(Command.HKEYS, new String(Keys.aside(shard)))))
        .extracting(Bytes::text)
        .contains("opq:" + device + " of " + device);
    assertThat(
            redis.command(
                Command.ZSCORE, new String(Keys.due(shard, Kinds.OPERATIONS)), device.value()))
        .isNull();
    ask(device, "next", 0, true);
    assertThat(take(device, "c", NOW).operation().id()).isEqualTo("next");
  }

  @Test
  void the_last_that_ended_are_kept_and_each_was_told() {
    EndpointName device = owned("urn:dev:history");
    Instant past = NOW.minus(Duration.ofDays(1));
    for (int i = 0; i < 30; i++) {
      await(queues.enqueue(device, request("r" + i, 0, true, past, past.plusSeconds(60))));
    }
    await(queues.settle(past.plusSeconds(60), 1));

    assertThat(await(queues.find(device)).ended()).hasSize(OperationQueue.MOST_ENDED);
    assertThat(await(redis.stores().events().newest(1000)))
        .extracting(Entry::event)
        .filteredOn(event -> event.endpointName().equals(Optional.of(device)))
        .filteredOn(event -> event.type().equals("operation.ended"))
        .hasSize(30);
  }

  private static <T> T again(Supplier<CompletionStage<T>> call) {
    for (int i = 0; i < 50; i++) {
      try {
        return await(call.get());
      } catch (DependencyUnavailableException away) {
        // as every caller does
      }
    }
    throw new IllegalStateException("Redis does not come back");
  }

  @Test
  void who_does_not_own_the_device_asks_nothing_of_it() {
    EndpointName device = owned("urn:dev:other");

    assertThat(refusal(device, "acme")).isEmpty();
    assertThat(refusal(device, "rival")).contains(FailureCode.NOT_FOUND);
    assertThat(refusal(new EndpointName("urn:dev:nowhere"), "acme"))
        .contains(FailureCode.NOT_FOUND);
  }

  @Test
  void a_release_between_reading_and_storing_refuses_the_former_owners_request() {
    EndpointName device = owned("urn:dev:overtaken");
    AtomicBoolean first = new AtomicBoolean(true);
    OperationQueues overtaken =
        new OperationQueues(
            before(
                "commit",
                () -> {
                  if (first.getAndSet(false)) {
                    release(device);
                  }
                }));

    assertThat(
            await(overtaken.enqueue(device, request("r", 0, true, NOW, NOW.plusSeconds(600))))
                .refusal()
                .map(Failure::code))
        .contains(FailureCode.NOT_FOUND);
    assertThat(await(queues.find(device)).waiting()).isEmpty();
  }

  @Test
  void a_step_made_from_a_former_owners_queue_is_not_stored_over_the_next_ones() {
    EndpointName device = owned("urn:dev:aba");
    ask(device, "former", 0, true);
    AtomicBoolean first = new AtomicBoolean(true);
    OperationQueues overtaken =
        new OperationQueues(
            before(
                "commit",
                () -> {
                  if (first.getAndSet(false)) {
                    release(device);
                    own(device, Optional.of("next"));
                    QueuedOperation theirs =
                        request("next", 0, true, NOW, NOW.plusSeconds(600), "next");
                    assertThat(await(queues.enqueue(device, theirs)).result()).isPresent();
                  }
                }));

    assertThat(await(overtaken.take(device, claim("c", NOW), NOW)))
        .hasValueSatisfying(on -> assertThat(on.operation().id()).isEqualTo("next"));
  }

  @Test
  void a_queue_that_is_not_there_is_deleted_in_the_same_way() {
    EndpointName device = owned("urn:dev:none");
    release(device);
    assertThat(await(queues.find(device))).isEqualTo(OperationQueue.EMPTY);

    own(device, Optional.of("acme"));
    ask(device, "r", 0, true);
    release(device);
    assertThat(raw(device)).isNull();
    assertThat(
            redis.command(
                Command.ZSCORE,
                new String(Keys.due(Shard.of(device.value()), Kinds.OPERATIONS)),
                device.value()))
        .isNull();
  }

  private static Optional<FailureCode> refusal(EndpointName device, String tenant) {
    QueuedOperation request = request("r", 0, true, NOW, NOW.plusSeconds(600), tenant);
    return await(queues.enqueue(device, request)).refusal().map(Failure::code);
  }

  /** The state, where something happens just before each call of this method. */
  private static FleetState before(String method, Runnable meanwhile) {
    FleetState records = redis.stores().records();
    return (FleetState)
        Proxy.newProxyInstance(
            FleetState.class.getClassLoader(),
            new Class<?>[] {FleetState.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method)) {
                meanwhile.run();
              }
              return called.invoke(records, arguments);
            });
  }

  private static EndpointName owned(String name) {
    EndpointName device = new EndpointName(name);
    own(device, Optional.of("acme"));
    return device;
  }

  private static void own(EndpointName device, Optional<String> owner) {
    await(redis.stores().records().commit(owning(device, owner).build()));
  }

  private static void release(EndpointName device) {
    await(
        redis
            .stores()
            .records()
            .commit(
                owning(device, Optional.empty())
                    .delete(Kinds.OPERATIONS, device.value(), Change.ANY_VERSION)
                    .build()));
  }

  private static Change.Builder owning(EndpointName name, Optional<String> owner) {
    Device device =
        new Device(
            name,
            "maker",
            name.value(),
            Optional.empty(),
            "meter",
            "1",
            Optional.empty(),
            Optional.empty(),
            owner.map(tenant -> new org.firstlight.fleet.device.Claim(tenant, NOW, List.of())),
            owner.isPresent() ? DeviceState.CLAIMED : DeviceState.EXPECTED,
            NOW,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty());
    return Change.in(name.value()).put(Kinds.DEVICE, name.value(), Change.ANY_VERSION, device);
  }

  private static void ask(EndpointName device, String id, int priority, boolean repeatable) {
    QueuedOperation request = request(id, priority, repeatable, NOW, NOW.plusSeconds(600));
    assertThat(await(queues.enqueue(device, request)).result()).isPresent();
  }

  private static TakenOperation take(EndpointName device, String claimId, Instant now) {
    return await(queues.take(device, claim(claimId, now), now)).orElseThrow();
  }

  private static void finish(EndpointName device, String claimId) {
    assertThat(await(queues.finish(device, claimId, Ending.done("2.04"), NOW)).result())
        .isPresent();
  }

  private static Claim claim(String id, Instant now) {
    return new Claim(id, "n1", now.plus(CLAIM));
  }

  private static Failure refused() {
    return Failure.of(FailureCode.DEVICE_REJECTED, "it answered 4.05");
  }

  private static QueuedOperation request(
      String id, int priority, boolean repeatable, Instant at, Instant until) {
    return request(id, priority, repeatable, at, until, "acme");
  }

  private static QueuedOperation request(
      String id, int priority, boolean repeatable, Instant at, Instant until, String tenant) {
    return new QueuedOperation(
        id,
        "write",
        "/3/0/15",
        priority,
        Optional.empty(),
        repeatable,
        Optional.of(secret()),
        Optional.of(tenant),
        at,
        until,
        0);
  }

  private static EncryptedSecret secret() {
    return new EncryptedSecret("kek-1", "box");
  }

  private static @Nullable String raw(EndpointName device) {
    Object stored =
        redis.command(
            Command.HGET, new String(Keys.records(device.value())), "opq:" + device.value());
    return stored == null ? null : Bytes.text(stored);
  }
}
