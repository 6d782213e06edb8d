package org.firstlight.redis.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Nodes;
import org.firstlight.redis.pipeline.Bytes;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Asks the masters of a cluster, again and again, for the next events of their shards: one cannot
 * wait for streams of several slots. Each tells its clock first, and will give no entry an earlier
 * time from then on: so whatever is older than the slowest of these clocks can be handed on, and
 * nothing will turn up before it.
 */
final class ClusterReader implements StreamReader {
  private static final long PAUSE_MS = 50;

  private final Nodes nodes;
  private final List<Integer> streams;
  private final long number;
  private final Map<Node, Connection> connections = new HashMap<>();

  ClusterReader(Nodes nodes, List<Integer> streams) {
    this.nodes = nodes;
    this.streams = streams;
    this.number = nodes.number();
    try {
      nodes.masters().forEach(node -> connections.put(node, nodes.open(node)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public long now() {
    return connections.values().stream().mapToLong(StreamReader::clockOf).min().orElseThrow();
  }

  @Override
  public List<StreamEntry> read(byte[][] seen) throws InterruptedException {
    if (nodes.number() != number) {
      throw new JedisException("shards have moved to other nodes");
    }
    connections.values().forEach(connection -> connection.sendCommand(Command.TIME));
    for (int stream : streams) {
      of(stream)
          .sendCommand(
              Command.XREAD,
              Bytes.of("COUNT"),
              Bytes.of(READ_AT_MOST),
              Bytes.of("STREAMS"),
              Streams.key(stream),
              seen[stream]);
    }
    long clock = Long.MAX_VALUE;
    for (Connection connection : connections.values()) {
      clock = Math.min(clock, StreamReader.millis(connection.getOne()));
    }
    Merge merge = new Merge();
    for (int stream : streams) {
      for (Object read : Bytes.list(of(stream).getOne())) {
        merge.add(stream, Bytes.list(Bytes.list(read).get(1)));
      }
    }
    List<StreamEntry> next = merge.until(clock);
    if (next.isEmpty()) {
      Thread.sleep(PAUSE_MS);
    }
    return next;
  }

  @Override
  public void close() {
    connections.values().forEach(Connection::close);
  }

  private Connection of(int stream) {
    Connection connection = connections.get(nodes.of(Streams.shard(stream)));
    if (connection == null) {
      throw new JedisException("shards have moved to other nodes");
    }
    return connection;
  }
}
