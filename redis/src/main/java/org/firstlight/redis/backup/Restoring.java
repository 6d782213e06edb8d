package org.firstlight.redis.backup;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.firstlight.redis.state.Reindexing;
import redis.clients.jedis.Protocol.Command;

/**
 * Puts a checked backup into Redis, all of it or nothing: while it works, and after it died, a mark
 * keeps servers from starting; the next restore clears what stands and begins anew.
 */
final class Restoring {
  private static final Script RESTORE_HOME = Script.beside(Restoring.class, "restore_home.lua");
  private static final List<Kind<?>> LISTED =
      BackedUpKinds.ALL.stream().<Kind<?>>filter(Kind::listed).toList();
  private static final int KEY_BYTES = 1024;

  private final Pipelines redis;
  private final KeyScan keys;
  private final FleetState records;
  private final Progress progress;
  private final InFlight inFlight = new InFlight();
  private final Map<Section, Long> done = new EnumMap<>(Section.class);

  Restoring(Pipelines redis, KeyScan keys, FleetState records, Progress progress) {
    this.redis = redis;
    this.keys = keys;
    this.records = records;
    this.progress = progress;
  }

  /**
   * @param replace whether what is there is thrown away
   * @throws BackupRefusedException before anything is written
   */
  void restore(CheckedBackup backup, boolean replace) {
    boolean begunBefore = redis.send(0, Command.EXISTS, Keys.restoring()).join().equals(1L);
    boolean empty = isEmpty();
    if (!empty && !begunBefore && !replace) {
      throw new BackupRefusedException(
          "this Redis is not empty: --replace throws away what Firstlight has in it");
    }
    redis
        .send(0, Command.SET, Keys.restoring(), Bytes.of(backup.manifest().at().toString()))
        .join();
    if (!empty) {
      clear();
    }
    backup.forEach(this::put);
    inFlight.awaitAll();
    new Reindexing(redis).run();
    redis.send(0, Command.DEL, Keys.restoring()).join();
  }

  /** Whether nothing of ours is there, the mark aside. */
  private boolean isEmpty() {
    List<String> found = new ArrayList<>();
    keys.forEach(
        key -> {
          KeyFamily family = KeyFamily.of(key).orElse(null);
          if (family == KeyFamily.LEASE) {
            throw new BackupRefusedException(
                "a server is at work on this Redis, or was seconds ago: stop all of them first");
          }
          if (family != KeyFamily.RESTORING) {
            found.add(key);
          }
          return found.isEmpty();
        });
    return found.isEmpty();
  }

  private void clear() {
    keys.forEach(
        key -> {
          if (KeyFamily.of(key).orElse(null) != KeyFamily.RESTORING) {
            inFlight.await(KEY_BYTES);
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            inFlight.until(redis.send(shardOf(key), Command.UNLINK, name), KEY_BYTES);
          }
          return true;
        });
    inFlight.awaitAll();
  }

  private void put(Section section, Entry entry) {
    switch (section) {
      case KEYS -> {}
      // an earlier release left less out
      case DEVICES, PLATFORM -> putHome(HomeEntry.of(entry).kept());
      case EVENTS -> {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(Keys.events(shard(entry)));
        arguments.add(entry.list(0).get(1));
        arguments.addAll(entry.list(1));
        send(shard(entry), Command.XADD, arguments);
      }
      case SET_ASIDE -> {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(Keys.aside(shard(entry)));
        arguments.addAll(entry.list(1));
        send(shard(entry), Command.HSET, arguments);
      }
    }
    progress.reached(section, done.merge(section, 1L, Long::sum));
  }

  private void putHome(HomeEntry entry) {
    int shard = Shard.of(entry.home());
    List<byte[]> names = new ArrayList<>();
    names.add(Keys.records(entry.home()));
    names.add(Keys.values(entry.home()));
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(entry.home()));
    arguments.add(Bytes.of(entry.more() ? "more" : "whole"));
    for (Kind<?> kind : LISTED) {
      names.add(Keys.index(shard, kind));
      arguments.add(Bytes.of(kind.word()));
    }
    arguments.add(Bytes.of(entry.records().size() / 2));
    arguments.addAll(entry.records());
    arguments.addAll(entry.values());
    int bytes = arguments.stream().mapToInt(argument -> argument.length + 16).sum();
    inFlight.await(bytes);
    inFlight.until(
        redis.run(
            shard, RESTORE_HOME, names.toArray(byte[][]::new), arguments.toArray(byte[][]::new)),
        bytes);
    for (Registration registration : entry.registrations()) {
      inFlight.await(KEY_BYTES);
      Change begin =
          Change.in(entry.home()).registration(new RegistrationEdit.Begin(registration)).build();
      inFlight.until(records.commit(begin), KEY_BYTES);
    }
  }

  private void send(int shard, Command command, List<byte[]> arguments) {
    int bytes = arguments.stream().mapToInt(argument -> argument.length + 16).sum();
    inFlight.await(bytes);
    inFlight.until(redis.send(shard, command, arguments.toArray(byte[][]::new)), bytes);
  }

  private static int shard(Entry entry) {
    try {
      int shard = Integer.parseInt(Bytes.text(entry.list(0).get(0)));
      if (shard >= 0 && shard < Shard.COUNT) {
        return shard;
      }
    } catch (NumberFormatException e) {
      throw new BackupRefusedException("an entry is of no shard", e);
    }
    throw new BackupRefusedException("an entry is of no shard");
  }

  /** Of a key of ours: the two hex digits between the braces. */
  private static int shardOf(String key) {
    if (!key.matches("(?s)fl:\\{[0-9a-f]{2}}:.*")) {
      throw new BackupRefusedException("a key in this Redis is not Firstlight's: " + key);
    }
    return Integer.parseInt(key.substring("fl:{".length(), "fl:{".length() + 2), 16);
  }
}
