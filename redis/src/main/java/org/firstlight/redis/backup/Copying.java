package org.firstlight.redis.backup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.device.RedisRegistrations;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Copies Redis into a backup while servers go on writing. Each home is as it is at one moment;
 * homes that devices refer to are read after the devices, so what a device names is there.
 */
final class Copying {
  private static final Script SNAPSHOT = Script.beside(Copying.class, "snapshot.lua");

  /** A hash with more is read in slices: the audit, in practice. */
  static final int MOST_FIELDS = 2_000;

  private static final int SLICE = 500;
  private static final int HOMES_IN_FLIGHT = 128;

  private record Asked(String home, CompletableFuture<@Nullable Object> snapshot) {}

  private final Pipelines redis;
  private final KeyScan keys;
  private final BackupWriter out;
  private final Progress progress;
  private final Deque<Asked> asked = new ArrayDeque<>();

  Copying(Pipelines redis, KeyScan keys, BackupWriter out, Progress progress) {
    this.redis = redis;
    this.keys = keys;
    this.out = out;
    this.progress = progress;
  }

  void copy() {
    homes(Section.DEVICES, "device");
    homes(Section.PLATFORM, "other");
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      events(shard);
    }
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      setAside(shard);
    }
  }

  private void homes(Section section, String sort) {
    keys.forEach(
        key -> {
          Optional<KeyFamily> family = KeyFamily.of(key);
          if (family.isEmpty()) {
            throw new BackupRefusedException(
                "there is a key of no family that this release knows: " + key);
          }
          if (family.get() == KeyFamily.RECORDS) {
            if (asked.size() == HOMES_IN_FLIGHT) {
              writeFirst(section);
            }
            ask(sort, KeyFamily.homeOf(key));
          }
          return true;
        });
    while (!asked.isEmpty()) {
      writeFirst(section);
    }
  }

  private void ask(String sort, String home) {
    int shard = Shard.of(home);
    byte[][] registrations = Keys.registrations(shard);
    byte[][] all = new byte[2 + registrations.length][];
    all[0] = Keys.records(home);
    all[1] = Keys.values(home);
    System.arraycopy(registrations, 0, all, 2, registrations.length);
    asked.add(
        new Asked(
            home,
            redis.run(
                shard, SNAPSHOT, all, Bytes.of(home), Bytes.of(sort), Bytes.of(MOST_FIELDS))));
  }

  private void writeFirst(Section section) {
    Asked first = asked.remove();
    write(section, first.home(), Bytes.list(first.snapshot().join()));
  }

  private void write(Section section, String home, List<?> snapshot) {
    if (snapshot.isEmpty()) {
      return;
    }
    List<byte[]> records = small(snapshot.get(0));
    List<byte[]> values = small(snapshot.get(1));
    List<Registration> registrations = new ArrayList<>();
    for (Object lines : Bytes.list(snapshot.get(2))) {
      RedisRegistrations.parse(lines).ifPresent(registrations::add);
    }
    write(section, new HomeEntry(home, false, records, values, registrations));
    if (snapshot.get(0) instanceof Long) {
      slices(
          Keys.records(home),
          Shard.of(home),
          slice -> write(section, new HomeEntry(home, true, slice, List.of(), List.of())));
    }
    if (snapshot.get(1) instanceof Long) {
      slices(
          Keys.values(home),
          Shard.of(home),
          slice -> write(section, new HomeEntry(home, true, List.of(), slice, List.of())));
    }
  }

  private void write(Section section, HomeEntry whole) {
    HomeEntry home = whole.kept();
    for (int i = 0; i < home.records().size(); i += 2) {
      BackedUpKinds.check(home.records().get(i));
    }
    write(section, home.entry());
  }

  private void write(Section section, Entry entry) {
    out.write(section, entry);
    progress.reached(section, out.written(section));
  }

  private void slices(byte[] hash, int shard, Consumer<List<byte[]>> visitor) {
    String cursor = "0";
    do {
      List<?> reply =
          Bytes.list(
              redis
                  .send(
                      shard,
                      Command.HSCAN,
                      hash,
                      Bytes.of(cursor),
                      Bytes.of("COUNT"),
                      Bytes.of(SLICE))
                  .join());
      visitor.accept(bytes(reply.get(1)));
      cursor = Bytes.text(reply.get(0));
    } while (!cursor.equals("0"));
  }

  private void events(int shard) {
    String from = "-";
    while (true) {
      List<?> slice =
          Bytes.list(
              redis
                  .send(
                      shard,
                      Command.XRANGE,
                      Keys.events(shard),
                      Bytes.of(from),
                      Bytes.of("+"),
                      Bytes.of("COUNT"),
                      Bytes.of(SLICE))
                  .join());
      for (Object event : slice) {
        List<?> parts = Bytes.list(event);
        from = "(" + Bytes.text(parts.get(0));
        List<byte[]> head = List.of(Bytes.of(shard), (byte[]) parts.get(0));
        write(Section.EVENTS, new Entry(List.of(head, bytes(parts.get(1)))));
      }
      if (slice.size() < SLICE) {
        return;
      }
    }
  }

  private void setAside(int shard) {
    slices(
        Keys.aside(shard),
        shard,
        slice -> {
          if (!slice.isEmpty()) {
            write(Section.SET_ASIDE, new Entry(List.of(List.of(Bytes.of(shard)), slice)));
          }
        });
  }

  /** Fields and values; none where their number stands instead. */
  private static List<byte[]> small(@Nullable Object part) {
    return part instanceof Long ? List.of() : bytes(part);
  }

  private static List<byte[]> bytes(@Nullable Object reply) {
    return Bytes.list(reply).stream().map(text -> (byte[]) text).toList();
  }
}
