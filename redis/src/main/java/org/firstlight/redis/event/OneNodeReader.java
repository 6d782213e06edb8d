package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  /** Each read asks for every stream: what comes close together is taken together. */
  private static final long READ_EVERY_MS = 20;

  private static final List<byte[]> COMMAND = command();

  private final Connection connection;
  private long lastRead = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(READ_EVERY_MS);

  OneNodeReader(Connection connection) {
    this.connection = connection;
  }

  @Override
  public long now() {
    return StreamReader.clockOf(connection);
  }

  @Override
  public List<StreamEntry> read(byte[][] seen) throws InterruptedException {
    long early = lastRead + TimeUnit.MILLISECONDS.toNanos(READ_EVERY_MS) - System.nanoTime();
    if (early > 0) {
      TimeUnit.NANOSECONDS.sleep(early);
    }
    List<byte[]> arguments = new ArrayList<>(COMMAND);
    arguments.addAll(List.of(seen));
    connection.sendCommand(Command.XREAD, arguments.toArray(byte[][]::new));
    Merge merge = new Merge();
    for (Object reply : Bytes.list(connection.getOne())) {
      List<?> stream = Bytes.list(reply);
      merge.add(Keys.shardOf((byte[]) stream.get(0)), Bytes.list(stream.get(1)));
    }
    lastRead = System.nanoTime();
    return merge.until(Long.MAX_VALUE);
  }

  private static List<byte[]> command() {
    List<byte[]> words = new ArrayList<>();
    words.add(Bytes.of("COUNT"));
    words.add(Bytes.of(READ_AT_MOST));
    words.add(Bytes.of("BLOCK"));
    words.add(Bytes.of(WAIT_MS));
    words.add(Bytes.of("STREAMS"));
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      words.add(Keys.events(shard));
    }
    return List.copyOf(words);
  }

  @Override
  public void close() {
    connection.close();
  }
}
