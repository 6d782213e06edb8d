package org.firstlight.redis.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.firstlight.redis.TestRedis.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationUpdate;
import org.firstlight.fleet.registration.Registrations;
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

  /** Far from what {@link #takeExpired} of another test asks for. */
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

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

    assertThat(await(registrations.register(registration))).isEmpty();

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
    await(registrations.register(operator));
    await(registrations.register(thirdParty));

    assertThat(await(registrations.register(again))).contains(operator);

    assertThat(await(registrations.findAll(device))).containsExactlyInAnyOrder(thirdParty, again);
    assertThat(await(registrations.findById(operator.id()))).isEmpty();
    assertThat(await(registrations.deregister(operator.id()))).isEmpty();
    assertThat(await(registrations.update(update(operator.id())))).isEmpty();
  }

  @Test
  void an_update_changes_what_it_says_and_no_more() {
    Registration before = registration(device(), 1, "</1/0>", Map.of("k", "v"));
    await(registrations.register(before));
    Instant later = NOW.plusSeconds(40);

    Registration touched = await(registrations.update(update(before.id()))).orElseThrow();
    assertThat(touched)
        .isEqualTo(
            new Registration(
                before.id(),
                1,
                before.endpointName(),
                before.registeredAt(),
                later,
                before.lifetime(),
                "1.1",
                "U",
                false,
                "10.0.0.9:7",
                "</1/0>",
                before.additional(),
                "n2"));

    Registration changed =
        await(
                registrations.update(
                    new RegistrationUpdate(
                        before.id(),
                        later,
                        Optional.of(Duration.ofSeconds(4_294_967_295L)),
                        Optional.of("UQ"),
                        Optional.of("</1/0>,\t</3/0>"),
                        "[::1]:5683",
                        "n1")))
            .orElseThrow();
    assertThat(changed.lifetime()).isEqualTo(Duration.ofSeconds(4_294_967_295L));
    assertThat(changed.binding()).isEqualTo("UQ");
    assertThat(changed.queueMode()).isTrue();
    assertThat(changed.objectLinks()).isEqualTo("</1/0>,\t</3/0>");
    assertThat(changed.additional()).isEqualTo(before.additional());
    assertThat(await(registrations.findById(before.id()))).contains(changed);
  }

  @Test
  void a_deregistered_device_leaves_nothing_behind() {
    Registration registration = registration(device(), 1);
    await(registrations.register(registration));

    assertThat(await(registrations.deregister(registration.id()))).contains(registration);
    assertThat(await(registrations.deregister(registration.id()))).isEmpty();

    assertThat(await(registrations.findAll(registration.endpointName()))).isEmpty();
    byte[][] keys = Keys.registrations(Shard.of(registration.endpointName().value()));
    assertThat((byte[]) redis.command(Command.HGET, new String(keys[0]), registration.id()))
        .isNull();
    assertThat(redis.command(Command.ZSCORE, new String(keys[3]), registration.id())).isNull();
  }

  @Test
  void ids_that_are_none_are_not_known() {
    for (String id :
        List.of("", "zz1234567890", "0a", "0A1234567890", "0a12345678901", "0a:23456789")) {
      assertThat(await(registrations.findById(id))).isEmpty();
      assertThat(await(registrations.deregister(id))).isEmpty();
      assertThat(await(registrations.update(update(id)))).isEmpty();
    }
    Registration misplaced = registration(device(), 1);
    assertThatThrownBy(() -> registrations.register(withId(misplaced, "made-up")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void each_ended_registration_is_given_to_one_caller_only() {
    Instant long_ago = Instant.parse("2001-01-01T00:00:00Z");
    Set<String> ended = new HashSet<>();
    List<CompletableFuture<?>> stored = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Registration registration = at(registration(device(), 1), long_ago);
      ended.add(registration.id());
      stored.add(registrations.register(registration).toCompletableFuture());
    }
    stored.forEach(TestRedis::await);
    Registration alive = registration(device(), 1);
    await(registrations.register(alive));
    Registration renewed = at(registration(device(), 1), long_ago);
    await(registrations.register(renewed));
    await(registrations.update(update(renewed.id())));

    List<String> taken = new ArrayList<>();
    while (taken.size() < 300) {
      List<CompletableFuture<List<Registration>>> callers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        callers.add(registrations.takeExpired(NOW, 40).toCompletableFuture());
      }
      int before = taken.size();
      for (CompletableFuture<List<Registration>> caller : callers) {
        List<Registration> some = await(caller);
        assertThat(some).hasSizeLessThanOrEqualTo(40);
        some.forEach(registration -> taken.add(registration.id()));
      }
      assertThat(taken.size()).isGreaterThan(before);
    }

    assertThat(taken).hasSize(300).containsExactlyInAnyOrderElementsOf(ended);
    assertThat(await(registrations.takeExpired(NOW, 40))).isEmpty();
    assertThat(await(registrations.findById(alive.id()))).contains(alive);
    assertThat(await(registrations.findById(renewed.id()))).isPresent();
  }

  @Test
  void an_ended_registration_comes_again_until_its_end_is_recorded() {
    Registration lost = at(registration(device(), 1), Instant.parse("2001-01-01T00:00:00Z"));
    await(registrations.register(lost));

    assertThat(await(registrations.takeExpired(NOW, 1000))).contains(lost);
    assertThat(await(registrations.findAll(lost.endpointName()))).isEmpty();
    assertThat(await(registrations.takeExpired(NOW.plusSeconds(59), 1000))).doesNotContain(lost);
    assertThat(await(registrations.takeExpired(NOW.plusSeconds(61), 1000))).contains(lost);

    await(registrations.endRecorded(lost.id()));
    assertThat(await(registrations.takeExpired(NOW.plusSeconds(3600), 1000))).doesNotContain(lost);
  }

  @Test
  void to_record_the_end_of_a_registration_that_lives_changes_nothing() {
    Registration alive = registration(device(), 1);
    await(registrations.register(alive));

    await(registrations.endRecorded(alive.id()));

    assertThat(await(registrations.findById(alive.id()))).contains(alive);
    assertThat(await(registrations.takeExpired(alive.expiresAt().plusSeconds(1), 10_000)))
        .contains(alive);
  }

  @Test
  void a_registration_in_a_foreign_form_is_passed_over_and_replaced() {
    Registration registration = registration(device(), 1);
    await(registrations.register(registration));
    String key = new String(Keys.registrations(Shard.of(registration.endpointName().value()))[1]);
    redis.command(Command.HSET, key, registration.id(), "what is this");

    assertThat(await(registrations.findById(registration.id()))).isEmpty();
    assertThat(await(registrations.update(update(registration.id())))).isEmpty();
    assertThat(await(registrations.findAll(registration.endpointName()))).isEmpty();

    Registration again = registration(registration.endpointName(), 1);
    await(registrations.register(again));
    assertThat(await(registrations.findAll(registration.endpointName()))).containsExactly(again);
  }

  private static RegistrationUpdate update(String id) {
    return new RegistrationUpdate(
        id,
        NOW.plusSeconds(40),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "10.0.0.9:7",
        "n2");
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
