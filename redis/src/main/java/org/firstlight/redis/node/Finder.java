package org.firstlight.redis.node;

import java.util.Collections;
import java.util.List;
import org.firstlight.fleet.state.Shard;
import redis.clients.jedis.Connection;

/** Finds out which node holds each shard. */
interface Finder extends AutoCloseable {
  /**
   * The node to write to, by shard.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if nobody who knows can be asked
   */
  List<Node> find();

  /**
   * That the node at the other end takes writes.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if it does not
   */
  void verify(Connection connection);

  @Override
  void close();

  /** One node for all. */
  static List<Node> all(Node node) {
    return Collections.nCopies(Shard.COUNT, node);
  }

  /** One node, whatever comes: it says itself what is wrong with it. */
  record Fixed(Node node) implements Finder {
    @Override
    public List<Node> find() {
      return all(node);
    }

    @Override
    public void verify(Connection connection) {}

    @Override
    public void close() {}
  }
}
