package org.firstlight.redis.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.firstlight.redis.TestRedis.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.configuration.WrittenSecrets;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome.Committed;
import org.firstlight.fleet.state.CommitOutcome.Conflict;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.ObjectModelDocument;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Shard;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.redis.TestRedis;
import org.firstlight.redis.Where;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Protocol.Command;

@ParameterizedClass
@EnumSource
class RedisFleetStateTest {
  @Parameter Where where;

  private static TestRedis redis;
  private static FleetState state;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    redis = new TestRedis(where);
    state = redis.stores().records();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    redis.close();
  }

  @Test
  void commits_records_of_a_home_together_with_their_event() {
    String home = unique("urn:dev:");
    Hint hint = new Hint(new EndpointName(home));
    FleetEvent event =
        FleetEvent.of(Instant.now(), "device.imported", hint.endpointName(), Map.of("k", home));

    var outcome =
        await(
            state.commit(
                Change.in(home)
                    .put(Kinds.BY_EID, "a", 0, hint)
                    .put(Kinds.BY_PACKAGE, "b", Change.ANY_VERSION, hint)
                    .event(event)
                    .build()));

    assertThat(outcome).isEqualTo(new Committed(List.of(1L, 1L)));
    assertThat(await(state.find(Kinds.BY_EID, home, "a"))).contains(new Stored<>("a", hint, 1));
    assertThat(await(redis.stores().events().newest(50))).extracting(Entry::event).contains(event);
  }

  @Test
  void writes_nothing_of_a_change_that_lost_a_race() {
    String home = unique("t");
    await(state.commit(put(home, 0, "one")));

    var outcome =
        await(
            state.commit(
                Change.in(home)
                    .put(Kinds.TENANT, "other", 0, tenant("other", "x"))
                    .put(Kinds.TENANT, home, 0, tenant(home, "two"))
                    .build()));

    assertThat(outcome).isEqualTo(new Conflict("ten", home, 1));
    assertThat(await(state.find(Kinds.TENANT, home, "other"))).isEmpty();
    assertThat(name(home)).isEqualTo("one");
  }

  @Test
  void deletes_by_version_and_forgets_it_in_the_index() {
    String home = unique("t");
    await(state.commit(put(home, 0, "one")));

    Change stale = Change.in(home).delete(Kinds.TENANT, home, 7).build();
    assertThat(await(state.commit(stale))).isEqualTo(new Conflict("ten", home, 1));

    Change right = Change.in(home).delete(Kinds.TENANT, home, 1).build();
    assertThat(await(state.commit(right))).isEqualTo(new Committed(List.of(0L)));
    assertThat(await(state.find(Kinds.TENANT, home, home))).isEmpty();
    assertThat(listAll()).extracting(Stored::id).doesNotContain(home);
  }

  @Test
  void edits_at_the_same_time_all_count() {
    String home = unique("t");
    await(state.commit(put(home, 0, "")));
    int edits = 60;

    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < edits; i++) {
      all.add(
          state
              .edit(
                  Kinds.TENANT,
                  home,
                  home,
                  found -> Optional.of(put(home, Change.ANY_VERSION, found.value().name() + "x")))
              .toCompletableFuture());
    }
    await(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)));

    assertThat(name(home)).hasSize(edits);
    assertThat(await(state.find(Kinds.TENANT, home, home)).orElseThrow().version())
        .isEqualTo(edits + 1);
  }

  @Test
  void an_edit_may_leave_or_delete_its_record_and_finds_none() {
    String home = unique("t");
    await(state.commit(put(home, 0, "one")));

    assertThat(await(edit(home, Optional.empty())).orElseThrow().value().name()).isEqualTo("one");
    Change delete = Change.in(home).delete(Kinds.TENANT, home, Change.ANY_VERSION).build();
    assertThat(await(edit(home, Optional.of(delete)))).isEmpty();
    assertThat(await(edit(home, Optional.of(delete)))).isEmpty();
    await(state.commit(put(home, 0, "again")));
    Change elsewhere = put(unique("t"), 0, "x");
    assertThatThrownBy(() -> await(edit(home, Optional.of(elsewhere))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keeps_the_newest_ids_of_a_home() {
    String home = unique("urn:dev:");
    Change.Builder change = Change.in(home);
    IntStream.range(0, 8)
        .forEach(i -> change.put(Kinds.BY_PACKAGE, "s" + i, 0, new Hint(new EndpointName(home))));
    change.put(Kinds.BY_EID, "stays", 0, new Hint(new EndpointName(home)));
    await(state.commit(change.build()));

    await(state.prune(Kinds.BY_PACKAGE, home, 5));

    assertThat(await(state.findAll(Kinds.BY_PACKAGE, home)))
        .extracting(Stored::id)
        .containsExactly("s3", "s4", "s5", "s6", "s7");
    assertThat(await(state.find(Kinds.BY_EID, home, "stays"))).isPresent();
  }

  @Test
  void keeps_the_first_ids_of_a_listed_kind_and_lists_no_other() {
    String home = "house";
    for (int i = 0; i < 7; i++) {
      AuditEntry entry =
          new AuditEntry(Instant.EPOCH, "t", "p", Optional.empty(), "a", "x" + i, "ok");
      await(state.commit(Change.in(home).put(Kinds.AUDIT, "s" + i, 0, entry).build()));
    }
    await(
        state.commit(
            Change.in(home)
                .put(Kinds.BY_EID, "stays", 0, new Hint(new EndpointName(home)))
                .build()));

    await(state.keepFirst(Kinds.AUDIT, home, 3));

    assertThat(await(state.findAll(Kinds.AUDIT, home)))
        .extracting(Stored::id)
        .containsExactly("s0", "s1", "s2");
    assertThat(await(state.list(Kinds.AUDIT, Optional.empty(), 10, one -> true)).items())
        .extracting(Stored::id)
        .containsExactly("s0", "s1", "s2");
    assertThat(await(state.find(Kinds.BY_EID, home, "stays"))).isPresent();
  }

  @Test
  void lists_every_record_once_in_order_of_ids_across_the_shards() {
    Map<String, ObjectModelDocument> models = new java.util.TreeMap<>();
    List<CompletionStage<?>> commits = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      String id = i + "/" + "1.0";
      ObjectModelDocument model = new ObjectModelDocument(i, "1.0", "name", "<xml/>");
      models.put(id, model);
      commits.add(state.commit(Change.in(id).put(Kinds.OBJECT_MODEL, id, 0, model).build()));
    }
    commits.forEach(TestRedis::await);

    List<String> ids = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<ObjectModelDocument> page = await(state.list(Kinds.OBJECT_MODEL, cursor, 33, m -> true));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(33);
      page.items().forEach(record -> ids.add(record.id()));
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(ids).containsExactlyElementsOf(models.keySet());

    Page<ObjectModelDocument> few =
        await(state.list(Kinds.OBJECT_MODEL, Optional.empty(), 50, m -> m.objectId() % 100 == 7));
    assertThat(few.items()).hasSize(7);
    assertThat(few.next()).isEmpty();
  }

  @Test
  void a_cursor_that_is_not_ours_is_refused() {
    assertThatThrownBy(() -> state.list(Kinds.TENANT, Optional.of("%%%"), 5, t -> true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_bad_record_is_set_aside_once_with_a_reason_and_an_event() {
    String bad = unique("t");
    String good = unique("t");
    await(state.commit(put(bad, 0, "one")));
    await(state.commit(put(good, 0, "fine")));
    write(bad, "1 1 {\"id\":\"" + bad + "\",\"name\":\"secret");

    assertThat(listAll()).extracting(Stored::id).contains(good).doesNotContain(bad);
    assertThat(await(state.find(Kinds.TENANT, bad, bad))).isEmpty();
    assertThat(await(state.findAll(Kinds.TENANT, bad))).isEmpty();

    List<FleetEvent> events = setAside(bad);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).details()).containsEntry("kind", "ten").containsEntry("home", bad);
    assertThat(events.get(0).details().get("reason")).contains("Tenant").doesNotContain("secret");
    assertThat(await(state.commit(put(bad, 0, "new")))).isInstanceOf(Committed.class);
    assertThat(name(bad)).isEqualTo("new");
  }

  @Test
  void a_record_that_lacks_a_component_or_is_foreign_is_bad() {
    for (String foreign : List.of("", "hello", "1 1 ", "1 1 null", "1 1 {}", "x 1 {}", "1 1 []")) {
      String home = unique("t");
      write(home, foreign);
      assertThat(await(state.find(Kinds.TENANT, home, home))).as(foreign).isEmpty();
      assertThat(setAside(home)).as(foreign).hasSize(1);
    }
  }

  @Test
  void a_record_of_a_later_format_stays_for_the_release_that_reads_it() {
    String home = unique("t");
    await(state.commit(put(home, 0, "one")));
    String later = "4 2 {\"new\":true}";
    write(home, later);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> await(state.find(Kinds.TENANT, home, home)))
          .isInstanceOf(DependencyUnavailableException.class);
      assertThat(listAll()).extracting(Stored::id).doesNotContain(home);
    }

    assertThat(setAside(home)).hasSize(1);
    assertThat(await(state.commit(put(home, 0, "two")))).isEqualTo(new Conflict("ten", home, 4));
    byte[] there = (byte[]) redis.command(Command.HGET, recordKey(home), "ten:" + home);
    assertThat(there).asString().isEqualTo(later);
  }

  @Test
  void a_damaged_record_that_hides_something_stays_and_no_reading_passes_over_it() {
    String home = unique("urn:dev:");
    WrittenSecrets secrets = new WrittenSecrets(Set.of("/3/0/15"));
    await(state.commit(Change.in(home).put(Kinds.WRITTEN_SECRETS, home, 0, secrets).build()));
    redis.command(Command.HSET, recordKey(home), "wsc:" + home, "1 1 {\"paths\":");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> await(state.find(Kinds.WRITTEN_SECRETS, home, home)))
          .isInstanceOf(DependencyUnavailableException.class);
    }
    assertThat(setAside(home)).hasSize(1);

    // as docs/operations.md says
    redis.command(Command.HSET, recordKey(home), "wsc:" + home, "2 1 {\"paths\":[\"/\"]}");
    assertThat(await(state.find(Kinds.WRITTEN_SECRETS, home, home)))
        .contains(new Stored<>(home, new WrittenSecrets(Set.of("/")), 2));
  }

  @Test
  void a_lease_belongs_to_one_node_until_it_ends() {
    var leases = redis.stores().leases();
    String name = unique("tick");
    assertThat(await(leases.take(name, "n1", java.time.Duration.ofMillis(300)))).isTrue();
    assertThat(await(leases.take(name, "n2", java.time.Duration.ofSeconds(9)))).isFalse();
    assertThat(await(leases.take(name, "n1", java.time.Duration.ofMillis(300)))).isTrue();
    org.awaitility.Awaitility.await()
        .until(() -> await(leases.take(name, "n2", java.time.Duration.ofSeconds(9))));
    assertThat(await(leases.take(name, "n1", java.time.Duration.ofSeconds(9)))).isFalse();
  }

  @Test
  void a_lease_that_its_holder_gives_back_is_free_at_once() {
    var leases = redis.stores().leases();
    String name = unique("tick");
    assertThat(await(leases.take(name, "n1", java.time.Duration.ofMinutes(5)))).isTrue();
    await(leases.release(name, "n2"));
    assertThat(await(leases.take(name, "n2", java.time.Duration.ofMinutes(5)))).isFalse();
    await(leases.release(name, "n1"));
    assertThat(await(leases.take(name, "n2", java.time.Duration.ofMinutes(5)))).isTrue();
  }

  private static CompletionStage<Optional<Stored<Tenant>>> edit(
      String home, Optional<Change> change) {
    return state.edit(Kinds.TENANT, home, home, found -> change);
  }

  private static List<FleetEvent> setAside(String home) {
    return await(redis.stores().events().newest(500)).stream()
        .map(Entry::event)
        .filter(event -> event.type().equals("record.set-aside"))
        .filter(event -> home.equals(event.details().get("home")))
        .toList();
  }

  private static List<Stored<Tenant>> listAll() {
    return await(state.list(Kinds.TENANT, Optional.empty(), 10_000, t -> true)).items();
  }

  private static void write(String home, String stored) {
    redis.command(Command.HSET, recordKey(home), "ten:" + home, stored);
  }

  private static String recordKey(String home) {
    return "fl:{" + Shard.word(Shard.of(home)) + "}:r:" + home;
  }

  private static String name(String home) {
    return await(state.find(Kinds.TENANT, home, home)).orElseThrow().value().name();
  }

  private static Change put(String home, long version, String name) {
    return Change.in(home).put(Kinds.TENANT, home, version, tenant(home, name)).build();
  }

  private static Tenant tenant(String id, String name) {
    return new Tenant(id, name, Tenant.Kind.SERVICE_PROVIDER, Optional.empty(), Optional.empty());
  }

  private static String unique(String prefix) {
    return prefix + UUID.randomUUID();
  }
}
