package org.firstlight.redis.pipeline;

import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Shard;

/**
 * Every key, {@code fl:{s}:…}: the braces keep a shard's keys in one slot of a Redis Cluster, so
 * one script may change them together.
 */
public final class Keys {
  /** What a home is found by, beside its records: see {@code index.lua}. */
  public static final byte[] INDEX_FIELD = {'#'};

  /** Events kept per shard, about. */
  public static final int EVENTS_KEPT = 1_000;

  /** A hash of one home: "kind:id" to the record. */
  public static byte[] records(String home) {
    return key(Shard.of(home), "r:" + home);
  }

  /** Where a record stands in its home's hash. */
  public static byte[] field(Kind<?> kind, String id) {
    return Bytes.of(kind.word() + ":" + id);
  }

  /** A sorted set of the shard's records of a kind by when they are due. */
  public static byte[] due(int shard, Kind<?> kind) {
    return key(shard, "d:" + kind.word());
  }

  /** A sorted set by id of the shard's records of a listed kind: see {@code IndexMember}. */
  public static byte[] index(int shard, Kind<?> kind) {
    return key(shard, "i:" + kind.word());
  }

  /** What the keys of a shard's index begin with, as {@code index.lua} says. */
  public static byte[] indexBase(int shard, String of) {
    return key(shard, "x:" + of);
  }

  /** Which homes of a shard have a word of its index. */
  public static byte[] word(int shard, String of, String word) {
    return key(shard, "x:" + of + ":w:" + word);
  }

  /** What the keys of the shard's records begin with. */
  public static byte[] recordsBase(int shard) {
    return key(shard, "r:");
  }

  /** The shard's bounded stream of what happened to devices and documents. */
  public static byte[] events(int shard) {
    return key(shard, "events");
  }

  /** The shard's bounded stream of what devices tell: it runs over long before the other. */
  public static byte[] reports(int shard) {
    return key(shard, "reports");
  }

  /** A hash of records that could not be read, with the reason. */
  public static byte[] aside(int shard) {
    return key(shard, "aside");
  }

  /** Hashes and the sorted set that hold the shard's registrations, as the scripts expect them. */
  public static byte[][] registrations(int shard) {
    return new byte[][] {
      key(shard, "reg"), key(shard, "contact"), key(shard, "regids"), key(shard, "expiry")
    };
  }

  /** A hash of path to the last value that the device told. */
  public static byte[] values(EndpointName endpointName) {
    return values(endpointName.value());
  }

  /** The same, of a home that may be a device's. */
  public static byte[] values(String home) {
    return key(Shard.of(home), "v:" + home);
  }

  /** A DTLS session that may be resumed, by its id. */
  public static byte[] session(String id) {
    return key(Shard.of(id), "dtls:" + id);
  }

  public static byte[] lease(String name) {
    return key(Shard.of(name), "lease:" + name);
  }

  /** There while a restore is under way, or was not finished: no server starts on half a store. */
  public static byte[] restoring() {
    return key(0, "restoring");
  }

  /** The shard that a key names. */
  public static int shardOf(byte[] key) {
    return Character.digit(key[4], 16) << 4 | Character.digit(key[5], 16);
  }

  private static byte[] key(int shard, String rest) {
    return Bytes.of("fl:{" + Shard.word(shard) + "}:" + rest);
  }

  private Keys() {}
}
