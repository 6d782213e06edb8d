package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * Waits at the one Redis for the next events of any shard. One XREAD sees all streams at the same
 * instant, so whatever is older than an event that was handed on has been too.
 */
final class OneNodeReader implements StreamReader {
  private static final int WAIT_MS = 1_000;

  private final Connection connection;

  OneNodeReader(Connection connection) {
    this.connection = connection;
  }

  @Override
  public long now() {
    return StreamReader.clockOf(connection);
  }

  @Override
  public List<StreamEntry> read(byte[][] seen) {
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of("COUNT"));
    arguments.add(Bytes.of(READ_AT_MOST));
    arguments.add(Bytes.of("BLOCK"));
    arguments.add(Bytes.of(WAIT_MS));
    arguments.add(Bytes.of("STREAMS"));
    Map<String, Integer> shards = new HashMap<>();
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      byte[] key = Keys.events(shard);
      shards.put(Bytes.text(key), shard);
      arguments.add(key);
    }
    arguments.addAll(List.of(seen));
    connection.sendCommand(Command.XREAD, arguments.toArray(byte[][]::new));
    Merge merge = new Merge();
    for (Object reply : Bytes.list(connection.getOne())) {
      List<?> stream = Bytes.list(reply);
      merge.add(shards.get(Bytes.text(stream.get(0))), Bytes.list(stream.get(1)));
    }
    return merge.until(Long.MAX_VALUE);
  }

  @Override
  public void close() {
    connection.close();
  }
}
