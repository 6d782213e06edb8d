package org.firstlight.redis.device;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationUpdate;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Registrations in five keys per shard, whatever their number: one lean script and one round trip
 * for a Register, an Update, a De-register; an Update writes only the device's contact.
 */
public final class RedisRegistrations implements Registrations {
  private static final String SHARED = "registrations.lua";
  private static final Script REGISTER = script(SHARED, "register.lua");
  private static final Script UPDATE = script("update.lua");
  private static final Script DEREGISTER = script(SHARED, "deregister.lua");
  private static final Script TAKE_EXPIRED = script(SHARED, "take_expired.lua");
  private static final Script END_RECORDED = script("end_recorded.lua");
  private static final Script FIND = script("find_registrations.lua");

  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 12;
  private static final Duration GIVEN_AGAIN_AFTER = Duration.ofMinutes(1);
  private static final byte[] ABSENT = Bytes.of("-");

  private final Pipelines redis;
  private final SecureRandom random = new SecureRandom();

  public RedisRegistrations(Pipelines redis) {
    this.redis = redis;
  }

  @Override
  public String newId(EndpointName endpointName) {
    StringBuilder id = new StringBuilder(Shard.word(Shard.of(endpointName.value())));
    while (id.length() < ID_LENGTH) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }

  @Override
  public CompletionStage<Optional<Registration>> register(Registration registration) {
    int shard = Shard.of(registration.endpointName().value());
    if (shardOf(registration.id()).orElse(-1) != shard) {
      throw new IllegalArgumentException("a registration's id is made by newId");
    }
    return redis
        .run(
            shard,
            REGISTER,
            Keys.registrations(shard),
            Bytes.of(registration.id()),
            Bytes.of(registration.endpointName().value()),
            Bytes.of(registration.account()),
            Bytes.of(RegistrationLines.staying(registration)),
            Bytes.of(RegistrationLines.contact(registration)),
            Bytes.of(registration.expiresAt().toEpochMilli()))
        .thenApply(RedisRegistrations::parse);
  }

  @Override
  public CompletionStage<Optional<Registration>> update(RegistrationUpdate change) {
    OptionalInt shard = shardOf(change.id());
    if (shard.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return redis
        .run(
            shard.getAsInt(),
            UPDATE,
            Keys.registrations(shard.getAsInt()),
            Bytes.of(change.id()),
            Bytes.of(change.at().toEpochMilli()),
            given(change.lifetime().map(lifetime -> Long.toString(lifetime.toSeconds()))),
            given(change.binding()),
            given(change.objectLinks()),
            Bytes.of(Fields.escape(change.address())),
            Bytes.of(Fields.escape(change.node())))
        .thenApply(
            reply -> {
              List<?> lines = Bytes.list(reply);
              return lines.isEmpty()
                  ? Optional.empty()
                  : RegistrationLines.parse(
                      change.id(), Bytes.text(lines.get(0)), Bytes.text(lines.get(1)));
            });
  }

  @Override
  public CompletionStage<Optional<Registration>> deregister(String id) {
    OptionalInt shard = shardOf(id);
    if (shard.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    byte[][] keys = Keys.registrations(shard.getAsInt());
    return redis
        .run(shard.getAsInt(), DEREGISTER, keys, Bytes.of(id))
        .thenApply(RedisRegistrations::parse);
  }

  @Override
  public CompletionStage<Optional<Registration>> findById(String id) {
    OptionalInt shard = shardOf(id);
    if (shard.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    byte[][] keys = Keys.registrations(shard.getAsInt());
    byte[] field = Bytes.of(id);
    var staying = redis.send(shard.getAsInt(), Command.HGET, keys[0], field);
    var contact = redis.send(shard.getAsInt(), Command.HGET, keys[1], field);
    return staying.thenCombine(
        contact,
        (stays, last) ->
            stays == null || last == null
                ? Optional.empty()
                : RegistrationLines.parse(id, Bytes.text(stays), Bytes.text(last)));
  }

  @Override
  public CompletionStage<Optional<Registration>> find(int account, EndpointName endpointName) {
    return find(endpointName, Integer.toString(account))
        .thenApply(found -> found.stream().findFirst());
  }

  @Override
  public CompletionStage<List<Registration>> findAll(EndpointName endpointName) {
    return find(endpointName, "");
  }

  @Override
  public CompletionStage<List<Registration>> takeExpired(Instant now, int most) {
    byte[] end = Bytes.of("(" + now.toEpochMilli());
    List<CompletableFuture<Long>> counts = new ArrayList<>();
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      byte[] expiry = Keys.registrations(shard)[3];
      counts.add(
          redis.query(Command.ZCOUNT, expiry, Bytes.of("-inf"), end).thenApply(Bytes::number));
    }
    return CompletableFuture.allOf(counts.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> take(now, most, counts.stream().map(CompletableFuture::join).toList()));
  }

  /** Takes from the shards that have some due, beginning anywhere, so that none starves. */
  private CompletionStage<List<Registration>> take(Instant now, int most, List<Long> due) {
    List<CompletableFuture<List<Registration>>> taken = new ArrayList<>();
    int first = random.nextInt(Shard.COUNT);
    long left = most;
    for (int i = 0; i < Shard.COUNT && left > 0; i++) {
      int shard = (first + i) % Shard.COUNT;
      long here = Math.min(left, due.get(shard));
      if (here > 0) {
        left -= here;
        byte[][] keys = Keys.registrations(shard);
        taken.add(
            redis
                .run(
                    shard,
                    TAKE_EXPIRED,
                    keys,
                    Bytes.of(now.toEpochMilli()),
                    Bytes.of(here),
                    Bytes.of(now.plus(GIVEN_AGAIN_AFTER).toEpochMilli()))
                .thenApply(RedisRegistrations::registrations));
      }
    }
    return CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new))
        .thenApply(done -> taken.stream().flatMap(some -> some.join().stream()).toList());
  }

  @Override
  public CompletionStage<Void> endRecorded(String id) {
    OptionalInt shard = shardOf(id);
    if (shard.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    byte[][] keys = Keys.registrations(shard.getAsInt());
    return redis.run(shard.getAsInt(), END_RECORDED, keys, Bytes.of(id)).thenAccept(reply -> {});
  }

  private CompletionStage<List<Registration>> find(EndpointName endpointName, String account) {
    int shard = Shard.of(endpointName.value());
    return redis
        .run(
            shard,
            FIND,
            Keys.registrations(shard),
            Bytes.of(endpointName.value()),
            Bytes.of(account))
        .thenApply(RedisRegistrations::registrations);
  }

  private static List<Registration> registrations(@Nullable Object reply) {
    return Bytes.list(reply).stream()
        .map(RedisRegistrations::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  /** A registration as a script gives it: {id, what stays, contact}. */
  public static Optional<Registration> parse(@Nullable Object reply) {
    List<?> lines = Bytes.list(reply);
    return lines.isEmpty()
        ? Optional.empty()
        : RegistrationLines.parse(
            Bytes.text(lines.get(0)), Bytes.text(lines.get(1)), Bytes.text(lines.get(2)));
  }

  /** The shard that an id names; empty if it is not an id of ours. */
  private static OptionalInt shardOf(String id) {
    if (id.length() != ID_LENGTH || !id.chars().allMatch(c -> LETTERS.indexOf(c) >= 0)) {
      return OptionalInt.empty();
    }
    int high = "0123456789abcdef".indexOf(id.charAt(0));
    int low = "0123456789abcdef".indexOf(id.charAt(1));
    return high < 0 || low < 0 ? OptionalInt.empty() : OptionalInt.of(high << 4 | low);
  }

  private static byte[] given(Optional<String> text) {
    return text.map(value -> Bytes.of("+" + Fields.escape(value))).orElse(ABSENT);
  }

  private static Script script(String... files) {
    return Script.beside(RedisRegistrations.class, files);
  }
}
