package org.firstlight.redis;

import org.firstlight.redis.node.Connector;
import org.firstlight.redis.node.Topology;
import redis.clients.jedis.Connection;

/** Opens signed-in connections to a Redis that is one. */
final class Connections {
  /**
   * @throws redis.clients.jedis.exceptions.JedisException if Redis is away or refuses the password
   */
  static Connection open(RedisSettings settings) {
    Topology.Standalone one = (Topology.Standalone) settings.topology();
    return new Connector(settings.login(), settings.tls()).open(one.node());
  }

  private Connections() {}
}
