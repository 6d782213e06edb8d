package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.firstlight.redis.pipeline.Bytes;
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

  private final Connection connection;
  private final List<Integer> streams;
  private final List<byte[]> command;
  private long lastRead = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(READ_EVERY_MS);

  OneNodeReader(Connection connection, List<Integer> streams) {
    this.connection = connection;
    this.streams = streams;
    this.command = command(streams);
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
    List<byte[]> arguments = new ArrayList<>(command);
    streams.forEach(stream -> arguments.add(seen[stream]));
    connection.sendCommand(Command.XREAD, arguments.toArray(byte[][]::new));
    Merge merge = new Merge();
    for (Object reply : Bytes.list(connection.getOne())) {
      List<?> stream = Bytes.list(reply);
      merge.add(Streams.number((byte[]) stream.get(0)), Bytes.list(stream.get(1)));
    }
    lastRead = System.nanoTime();
    return merge.until(Long.MAX_VALUE);
  }

  private static List<byte[]> command(List<Integer> streams) {
    List<byte[]> words = new ArrayList<>();
    words.add(Bytes.of("COUNT"));
    words.add(Bytes.of(READ_AT_MOST));
    words.add(Bytes.of("BLOCK"));
    words.add(Bytes.of(WAIT_MS));
    words.add(Bytes.of("STREAMS"));
    streams.forEach(stream -> words.add(Streams.key(stream)));
    return List.copyOf(words);
  }

  @Override
  public void close() {
    connection.close();
  }
}
