package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Keys;

/**
 * The bounded streams by number: those of events by their shards, then those of what devices tell,
 * in the same order.
 */
final class Streams {
  static final int COUNT = 2 * Shard.COUNT;

  /** The streams that have events of these types. */
  static List<Integer> of(Predicate<String> types) {
    List<Integer> streams = new ArrayList<>();
    int end = types.test(FleetEvent.VALUES_CHANGED) ? COUNT : Shard.COUNT;
    for (int stream = 0; stream < end; stream++) {
      streams.add(stream);
    }
    return List.copyOf(streams);
  }

  static int shard(int stream) {
    return stream % Shard.COUNT;
  }

  static byte[] key(int stream) {
    return stream < Shard.COUNT ? Keys.events(stream) : Keys.reports(shard(stream));
  }

  static int number(byte[] key) {
    int shard = Keys.shardOf(key);
    return Arrays.equals(key, Keys.events(shard)) ? shard : Shard.COUNT + shard;
  }

  private Streams() {}
}
