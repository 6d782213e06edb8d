package org.firstlight.redis.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.firstlight.redis.TestRedis.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.registration.RegistrationEdit.Begin;
import org.firstlight.fleet.registration.RegistrationEdit.End;
import org.firstlight.fleet.registration.RegistrationEdit.EndAll;
import org.firstlight.fleet.registration.RegistrationEdit.Expire;
import org.firstlight.fleet.registration.RegistrationUpdate;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.registration.UpdateOutcome;
import org.firstlight.fleet.registration.UpdateOutcome.Unknown;
import org.firstlight.fleet.registration.Whereabouts;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.CommitOutcome.Committed;
import org.firstlight.fleet.state.CommitOutcome.Conflict;
import org.firstlight.fleet.state.Kinds;
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
class RedisRegistrationsTest {
  @Parameter Where where;

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final Instant LATER = NOW.plusSeconds(40);

  private static TestRedis redis;
  private static Registrations registrations;

  @BeforeParameterizedClassInvocation
  static void start(Where where) {
    redis = new TestRedis(where);
    registrations = redis.stores().registrations();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    redis.close();
  }

  @Test
  void an_id_names_its_shard_in_twelve_characters() {
    EndpointName device = device();
    String id = registrations.newId(device);
    assertThat(id)
        .hasSize(12)
        .startsWith(Shard.word(Shard.of(device.value())))
        .matches("[0-9A-Za-z]+");
    assertThat(registrations.newId(device)).isNotEqualTo(id);
  }

  @Test
  void a_registration_is_found_as_it_was_stored() {
    EndpointName device = device();
    Registration registration =
        registration(
            device, 1, "</>;rt=\"oma.lwm2m\",\t\n</1/0>\\", Map.of("b\tx", "y\\", "z", ""));

    begin(registration);

    assertThat(await(registrations.findById(registration.id()))).contains(registration);
    assertThat(await(registrations.find(1, device))).contains(registration);
    assertThat(await(registrations.find(2, device))).isEmpty();
    assertThat(await(registrations.find(1, device()))).isEmpty();
  }

  @Test
  void accounts_live_side_by_side_and_a_new_one_takes_the_place_of_its_own() {
    EndpointName device = device();
    Registration operator = registration(device, 1);
    Registration thirdParty = registration(device, 123);
    Registration again = registration(device, 1);
    begin(operator);
    begin(thirdParty);

    begin(again);

    assertThat(await(registrations.findAll(device))).containsExactlyInAnyOrder(thirdParty, again);
    assertThat(await(registrations.findById(operator.id()))).isEmpty();
    assertThat(commit(device, new End(operator.id()))).isInstanceOf(Conflict.class);
    assertThat(await(registrations.update(touch(operator)))).isEqualTo(new Unknown());
  }

  @Test
  void an_update_changes_what_it_says_and_no_more() {
    Registration before = registration(device(), 1, "</1/0>", Map.of("k", "v"));
    begin(before);

    assertThat(await(registrations.update(touch(before)))).isEqualTo(new UpdateOutcome.Stored());
    Registration touched = await(registrations.findById(before.id())).orElseThrow();
    assertThat(touched.lastContact()).isEqualTo(LATER);
    assertThat(touched).usingRecursiveComparison().ignoringFields("lastContact").isEqualTo(before);

    Whereabouts now =
        new Whereabouts(Duration.ofSeconds(4_294_967_295L), "U\tQ", true, "[::1]:5683", "n2");
    assertThat(
            await(
                registrations.update(
                    new RegistrationUpdate(
                        before.id(),
                        LATER,
                        before.whereabouts(),
                        now,
                        Optional.of("</1/0>,\t</3/0>")))))
        .isEqualTo(new UpdateOutcome.Stored());
    Registration changed = await(registrations.findById(before.id())).orElseThrow();
    assertThat(changed.whereabouts()).isEqualTo(now);
    assertThat(changed.lastContact()).isEqualTo(LATER);
    assertThat(changed.objectLinks()).isEqualTo("</1/0>,\t</3/0>");
    assertThat(changed.additional()).isEqualTo(before.additional());
  }

  @Test
  void an_update_from_whereabouts_that_are_no_longer_so_writes_nothing_and_tells_them() {
    Registration before = registration(device(), 1);
    begin(before);
    Whereabouts known = before.whereabouts();
    Whereabouts elsewhere =
        new Whereabouts(known.lifetime(), known.binding(), true, "10.0.0.9:7", "n2");
    await(
        registrations.update(
            new RegistrationUpdate(before.id(), NOW, known, elsewhere, Optional.empty())));

    assertThat(await(registrations.update(touch(before))))
        .isEqualTo(new UpdateOutcome.Overtaken(elsewhere));

    assertThat(await(registrations.findById(before.id())).orElseThrow().lastContact())
        .isEqualTo(NOW);
  }

  @Test
  void a_deregistered_device_leaves_nothing_behind() {
    Registration registration = registration(device(), 1);
    EndpointName device = registration.endpointName();
    begin(registration);

    assertThat(commit(device, new End(registration.id()))).isInstanceOf(Committed.class);
    assertThat(commit(device, new End(registration.id())))
        .isEqualTo(new Conflict(CommitOutcome.REGISTRATION, device.value(), 0));

    assertThat(await(registrations.findAll(device))).isEmpty();
    byte[][] keys = Keys.registrations(Shard.of(device.value()));
    assertThat(redis.command(Command.HGET, new String(keys[0]), registration.id())).isNull();
    assertThat(redis.command(Command.HGET, new String(keys[1]), registration.id())).isNull();
    assertThat(redis.command(Command.HGET, new String(keys[2]), device.value())).isNull();
    assertThat(redis.command(Command.ZSCORE, new String(keys[3]), registration.id())).isNull();
  }

  @Test
  void all_that_began_before_a_moment_end_together() {
    EndpointName device = device();
    Registration old = registration(device, 1);
    Registration young = at(registration(device, 2), LATER);
    begin(old);
    begin(young);

    commit(device, new EndAll(LATER));

    assertThat(await(registrations.findAll(device))).containsExactly(young);
    assertThat(await(registrations.update(touch(old)))).isEqualTo(new Unknown());
  }

  @Test
  void a_register_and_the_devices_record_change_together_or_not_at_all() {
    Registration registration = registration(device(), 1);
    String home = registration.endpointName().value();
    Change change =
        Change.in(home)
            .keep(Kinds.DEVICE, home, 7)
            .registration(new Begin(registration))
            .event(FleetEvent.of(NOW, "device.registered", registration.endpointName(), Map.of()))
            .build();

    assertThat(await(redis.stores().records().commit(change)))
        .isEqualTo(new Conflict(Kinds.DEVICE.word(), home, 0));

    assertThat(await(registrations.findById(registration.id()))).isEmpty();
    assertThat(await(registrations.findAll(registration.endpointName()))).isEmpty();
  }

  @Test
  void ids_that_are_none_are_not_known() {
    Registration misplaced = registration(device(), 1);
    for (String id :
        List.of("", "zz1234567890", "0a", "0A1234567890", "0a12345678901", "0a:23456789")) {
      assertThat(await(registrations.findById(id))).isEmpty();
      assertThat(await(registrations.update(touch(withId(misplaced, id)))))
          .isEqualTo(new Unknown());
    }
    assertThatThrownBy(() -> begin(withId(misplaced, "made-up")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void those_that_ended_are_due_until_their_end_is_committed() {
    Instant longAgo = Instant.parse("2001-01-01T00:00:00Z");
    Map<String, Registration> ended = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      Registration registration = at(registration(device(), 1), longAgo);
      ended.put(registration.id(), registration);
      begin(registration);
    }
    Registration alive = registration(device(), 1);
    begin(alive);
    Registration renewed = at(registration(device(), 1), longAgo);
    begin(renewed);
    await(registrations.update(touch(renewed)));

    Set<String> seen = new HashSet<>();
    while (seen.size() < 300) {
      List<Registration> due = await(registrations.due(NOW, 40));
      assertThat(due).isNotEmpty().hasSizeLessThanOrEqualTo(40);
      for (Registration registration : due) {
        assertThat(registration).isEqualTo(ended.get(registration.id()));
        assertThat(seen.add(registration.id())).isTrue();
        assertThat(expire(registration, true)).isInstanceOf(Committed.class);
      }
    }

    assertThat(await(registrations.due(NOW, 40))).isEmpty();
    assertThat(await(registrations.findById(alive.id()))).contains(alive);
    assertThat(await(registrations.findById(renewed.id()))).isPresent();
  }

  @Test
  void a_registration_that_was_renewed_or_is_not_the_last_as_believed_does_not_expire() {
    EndpointName device = device();
    Registration first = registration(device, 1);
    begin(first);

    assertThat(commit(device, new Expire(first.id(), first.expiresAt(), true)))
        .isInstanceOf(Conflict.class);
    begin(registration(device, 2));
    assertThat(expire(first, true)).isInstanceOf(Conflict.class);
    assertThat(await(registrations.findById(first.id()))).contains(first);
    assertThat(expire(first, false)).isInstanceOf(Committed.class);
    assertThat(expire(first, false)).isInstanceOf(Conflict.class);
  }

  @Test
  void a_registration_in_a_foreign_form_is_passed_over_let_go_and_replaced() {
    Registration registration = registration(device(), 1);
    begin(registration);
    byte[][] keys = Keys.registrations(Shard.of(registration.endpointName().value()));
    redis.command(Command.HSET, new String(keys[1]), registration.id(), "what is this");

    assertThat(await(registrations.findById(registration.id()))).isEmpty();
    assertThat(await(registrations.update(touch(registration)))).isEqualTo(new Unknown());
    assertThat(await(registrations.findAll(registration.endpointName()))).isEmpty();
    redis.command(Command.ZADD, new String(keys[3]), "0", registration.id());
    assertThat(await(registrations.due(Instant.EPOCH.plusSeconds(1), 40))).isEmpty();
    assertThat(redis.command(Command.ZSCORE, new String(keys[3]), registration.id())).isNull();

    Registration again = registration(registration.endpointName(), 1);
    begin(again);
    assertThat(await(registrations.findAll(registration.endpointName()))).containsExactly(again);
  }

  private static void begin(Registration registration) {
    assertThat(commit(registration.endpointName(), new Begin(registration)))
        .isInstanceOf(Committed.class);
  }

  private static CommitOutcome expire(Registration registration, boolean last) {
    Instant after = registration.expiresAt().plusMillis(1);
    return commit(registration.endpointName(), new Expire(registration.id(), after, last));
  }

  private static CommitOutcome commit(EndpointName device, RegistrationEdit edit) {
    Change change = Change.in(device.value()).registration(edit).build();
    return await(redis.stores().records().commit(change));
  }

  private static RegistrationUpdate touch(Registration registration) {
    Whereabouts same = registration.whereabouts();
    return new RegistrationUpdate(registration.id(), LATER, same, same, Optional.empty());
  }

  private static Registration registration(EndpointName device, int account) {
    return registration(device, account, "</1/0>,</3/0>", Map.of());
  }

  private static Registration registration(
      EndpointName device, int account, String links, Map<String, String> additional) {
    return new Registration(
        registrations.newId(device),
        account,
        device,
        NOW,
        NOW,
        Duration.ofSeconds(60),
        "1.1",
        "U",
        false,
        "10.0.0.1:5683",
        links,
        additional,
        "n1");
  }

  private static Registration at(Registration r, Instant contact) {
    return new Registration(
        r.id(),
        r.account(),
        r.endpointName(),
        contact,
        contact,
        r.lifetime(),
        r.lwM2mVersion(),
        r.binding(),
        r.queueMode(),
        r.address(),
        r.objectLinks(),
        r.additional(),
        r.node());
  }

  private static Registration withId(Registration r, String id) {
    return new Registration(
        id,
        r.account(),
        r.endpointName(),
        r.registeredAt(),
        r.lastContact(),
        r.lifetime(),
        r.lwM2mVersion(),
        r.binding(),
        r.queueMode(),
        r.address(),
        r.objectLinks(),
        r.additional(),
        r.node());
  }

  private static EndpointName device() {
    return new EndpointName("urn:uuid:" + UUID.randomUUID());
  }
}
