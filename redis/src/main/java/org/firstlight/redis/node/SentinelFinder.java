package org.firstlight.redis.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * Asks the sentinels for the master. All of them: one that is cut off from the others may still
 * name an old one, and the highest configuration epoch tells who knows best.
 */
final class SentinelFinder implements Finder {
  private final Topology.Sentinel topology;
  private final Questions questions;

  SentinelFinder(Topology.Sentinel topology, Connector toSentinels) {
    this.topology = topology;
    this.questions = new Questions(toSentinels);
  }

  @Override
  public List<Node> find() {
    @Nullable Node master = null;
    long epoch = -1;
    JedisException why = new JedisConnectionException("no sentinel is named");
    for (Node sentinel : topology.sentinels()) {
      try {
        Map<String, String> told =
            pairs(questions.list(sentinel, "SENTINEL MASTER " + topology.master()));
        long newer = Long.parseLong(told.getOrDefault("config-epoch", "0"));
        if (newer > epoch) {
          epoch = newer;
          master = new Node(told.get("ip"), Integer.parseInt(told.get("port")));
        }
      } catch (JedisException e) {
        why = e;
      }
    }
    if (master == null) {
      throw new JedisConnectionException(
          "no sentinel names the master %s: %s".formatted(topology.master(), why.getMessage()),
          why);
    }
    return Finder.all(master);
  }

  /** An old master that came back says "master" until the sentinels have told it otherwise. */
  @Override
  public void verify(Connection connection) {
    Object role = SafeEncoder.encodeObject(connection.executeCommand(Command.ROLE));
    if (!(role instanceof List<?> told && told.get(0).equals("master"))) {
      throw new JedisConnectionException("it is not the master");
    }
  }

  @Override
  public void close() {
    questions.close();
  }

  private static Map<String, String> pairs(List<?> told) {
    Map<String, String> pairs = new HashMap<>();
    for (int i = 0; i + 1 < told.size(); i += 2) {
      pairs.put(told.get(i).toString(), told.get(i + 1).toString());
    }
    return pairs;
  }
}
