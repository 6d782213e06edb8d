package org.firstlight.redis.device;

import java.security.SecureRandom;
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
import org.firstlight.fleet.registration.UpdateOutcome;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Registrations in four keys per shard, whatever their number. An Update is one lean script in one
 * round trip, and mostly writes nothing but when the registration ends. They begin and end in
 * {@link org.firstlight.redis.state.RedisFleetState#commit}.
 */
public final class RedisRegistrations implements Registrations {
  private static final Script UPDATE = Script.beside(RedisRegistrations.class, "update.lua");
  private static final Script FIND =
      Script.beside(RedisRegistrations.class, "find_registrations.lua");

  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 12;
  private static final byte[] SAME = {};

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
  public CompletionStage<UpdateOutcome> update(RegistrationUpdate update) {
    OptionalInt shard = shardOf(update.id());
    if (shard.isEmpty()) {
      return CompletableFuture.completedStage(new UpdateOutcome.Unknown());
    }
    byte[][] keys = Keys.registrations(shard.getAsInt());
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(update.id()));
    arguments.add(Bytes.of(RegistrationLines.whereabouts(update.known())));
    arguments.add(
        update.now().equals(update.known())
            ? SAME
            : Bytes.of(RegistrationLines.whereabouts(update.now())));
    arguments.add(Bytes.of(update.at().plus(update.now().lifetime()).toEpochMilli()));
    update.objectLinks().map(Fields::escape).map(Bytes::of).ifPresent(arguments::add);
    return redis
        .run(
            shard.getAsInt(),
            UPDATE,
            new byte[][] {keys[0], keys[1], keys[3]},
            arguments.toArray(byte[][]::new))
        .thenApply(reply -> outcome(update.id(), reply));
  }

  private static UpdateOutcome outcome(String id, @Nullable Object reply) {
    if (reply instanceof Long) {
      return new UpdateOutcome.Stored();
    }
    return reply == null
        ? new UpdateOutcome.Unknown()
        : RegistrationLines.parseWhereabouts(id, Bytes.text(reply))
            .<UpdateOutcome>map(UpdateOutcome.Overtaken::new)
            .orElseGet(UpdateOutcome.Unknown::new);
  }

  @Override
  public CompletionStage<Optional<Registration>> findById(String id) {
    OptionalInt shard = shardOf(id);
    if (shard.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return lines(shard.getAsInt(), id).thenApply(lines -> lines.flatMap(found -> found.parse(id)));
  }

  private record Lines(String staying, String whereabouts, String expiry) {
    Optional<Registration> parse(String id) {
      return RegistrationLines.parse(id, staying, whereabouts, expiry);
    }
  }

  private CompletionStage<Optional<Lines>> lines(int shard, String id) {
    byte[][] keys = Keys.registrations(shard);
    byte[] field = Bytes.of(id);
    var staying = redis.send(shard, Command.HGET, keys[0], field);
    var whereabouts = redis.send(shard, Command.HGET, keys[1], field);
    var expiry = redis.send(shard, Command.ZSCORE, keys[3], field);
    return CompletableFuture.allOf(staying, whereabouts, expiry)
        .thenApply(
            done ->
                staying.join() == null || whereabouts.join() == null || expiry.join() == null
                    ? Optional.empty()
                    : Optional.of(
                        new Lines(
                            Bytes.text(staying.join()),
                            Bytes.text(whereabouts.join()),
                            Bytes.text(expiry.join()))));
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
  public CompletionStage<List<Registration>> due(Instant now, int most) {
    byte[] end = Bytes.of("(" + now.toEpochMilli());
    int first = random.nextInt(Shard.COUNT);
    List<CompletableFuture<List<String>>> ids = new ArrayList<>();
    for (int i = 0; i < Shard.COUNT; i++) {
      // begins anywhere, so that no shard starves
      byte[] expiry = Keys.registrations((first + i) % Shard.COUNT)[3];
      ids.add(
          redis
              .query(
                  Command.ZRANGEBYSCORE,
                  expiry,
                  Bytes.of("-inf"),
                  end,
                  Bytes.of("LIMIT"),
                  Bytes.of(0),
                  Bytes.of(most))
              .thenApply(reply -> Bytes.list(reply).stream().map(Bytes::text).toList()));
    }
    return all(ids)
        .thenCompose(
            found ->
                all(
                    found.stream()
                        .flatMap(List::stream)
                        .limit(most)
                        .map(id -> read(id).toCompletableFuture())
                        .toList()))
        .thenApply(found -> found.stream().flatMap(Optional::stream).toList());
  }

  /** One that cannot be read is let go: its device registers again. */
  private CompletionStage<Optional<Registration>> read(String id) {
    int shard = shardOf(id).orElseThrow();
    return lines(shard, id)
        .thenCompose(
            lines -> {
              Optional<Registration> registration = lines.flatMap(found -> found.parse(id));
              return registration.isPresent()
                  ? CompletableFuture.completedStage(registration)
                  : letGo(shard, id).thenApply(done -> registration);
            });
  }

  private CompletionStage<?> letGo(int shard, String id) {
    byte[][] keys = Keys.registrations(shard);
    byte[] field = Bytes.of(id);
    redis.send(shard, Command.HDEL, keys[0], field);
    redis.send(shard, Command.HDEL, keys[1], field);
    return redis.send(shard, Command.ZREM, keys[3], field);
  }

  private static <T> CompletionStage<List<T>> all(List<CompletableFuture<T>> stages) {
    return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new))
        .thenApply(done -> stages.stream().map(CompletableFuture::join).toList());
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
            Bytes.text(lines.get(0)),
            Bytes.text(lines.get(1)),
            Bytes.text(lines.get(2)),
            Bytes.text(lines.get(3)));
  }

  /** The shard that an id names; empty if it is not an id of ours. */
  static OptionalInt shardOf(String id) {
    if (id.length() != ID_LENGTH || !id.chars().allMatch(c -> LETTERS.indexOf(c) >= 0)) {
      return OptionalInt.empty();
    }
    int high = "0123456789abcdef".indexOf(id.charAt(0));
    int low = "0123456789abcdef".indexOf(id.charAt(1));
    return high < 0 || low < 0 ? OptionalInt.empty() : OptionalInt.of(high << 4 | low);
  }
}
