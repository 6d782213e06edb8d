package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.List;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.pipeline.Bytes;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** Reads on in some streams, of all shards. */
interface StreamReader extends AutoCloseable {
  int READ_AT_MOST = 100;

  /**
   * @throws redis.clients.jedis.exceptions.JedisException if a node is away
   */
  static StreamReader open(Nodes nodes, List<Integer> streams) {
    return nodes.isCluster()
        ? new ClusterReader(nodes, streams)
        : new OneNodeReader(nodes.open(nodes.of(0)), streams);
  }

  /** Redis's clock, in milliseconds: it numbers the entries. */
  long now();

  /**
   * What was not seen yet, in order, as far as nothing is missing in between; waits a while for it.
   *
   * @param seen id of the last entry that was handed on, by stream
   */
  List<StreamEntry> read(byte[][] seen) throws InterruptedException;

  @Override
  void close();

  static long clockOf(Connection connection) {
    return millis(connection.executeCommand(Command.TIME));
  }

  static long millis(@Nullable Object reply) {
    List<?> time = Bytes.list(reply);
    long seconds = Long.parseLong(Bytes.text(time.get(0)));
    return seconds * 1_000 + Long.parseLong(Bytes.text(time.get(1))) / 1_000;
  }

  /** Collects what was read of each stream, and tells how far that is all there is. */
  final class Merge {
    private final List<StreamEntry> all = new ArrayList<>();
    private @Nullable StreamEntry complete;

    void add(int stream, List<?> entries) {
      entries.forEach(entry -> all.add(StreamEntry.of(stream, entry)));
      if (entries.size() == READ_AT_MOST) {
        StreamEntry last = all.get(all.size() - 1);
        complete = complete == null || last.compareTo(complete) < 0 ? last : complete;
      }
    }

    /** In order, as far as it is whole, and from before that moment. */
    List<StreamEntry> until(long millis) {
      StreamEntry end = complete;
      return all.stream()
          .filter(entry -> entry.position().millis() < millis)
          .filter(entry -> end == null || entry.compareTo(end) <= 0)
          .sorted()
          .toList();
    }
  }
}
