package org.firstlight.badluck;

import java.util.Optional;
import java.util.function.Supplier;
import org.firstlight.journey.SmallDisk;
import org.firstlight.redis.RedisStores;

/**
 * What a scene stands on: of these, each fault needs the one or other.
 *
 * @param lone the one Redis that is written to now
 * @param disk that it writes to
 */
record Ground(
    Supplier<String> setting,
    Supplier<RedisStores> open,
    Optional<Supplier<LoneRedis>> lone,
    Optional<RedisPair> pair,
    Optional<ElectedRedis> elected,
    Optional<SmallDisk> disk) {

  static Ground of(LoneRedis redis) {
    return new Ground(
        redis::setting,
        redis::open,
        Optional.of(() -> redis),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** With the disk that Redis writes to. */
  static Ground of(LoneRedis redis, SmallDisk disk) {
    return new Ground(
        redis::setting,
        redis::open,
        Optional.of(() -> redis),
        Optional.empty(),
        Optional.empty(),
        Optional.of(disk));
  }

  /** A master that its replica can take the place of. */
  static Ground of(RedisPair pair) {
    return new Ground(
        pair::setting,
        () -> pair.master().open(),
        Optional.of(pair::master),
        Optional.of(pair),
        Optional.empty(),
        Optional.empty());
  }

  static Ground of(ElectedRedis elected) {
    return new Ground(
        elected::setting,
        elected::open,
        Optional.empty(),
        Optional.empty(),
        Optional.of(elected),
        Optional.empty());
  }
}
