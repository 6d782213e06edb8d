package org.firstlight.redis.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/** Asks nodes about themselves, over a connection to each that is kept. Not for several threads. */
public final class Questions implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final Connector connector;
  private final Map<Node, Connection> open = new HashMap<>();

  public Questions(Connector connector) {
    this.connector = connector;
  }

  /**
   * Asks one thing: words of a command, as one types them. The reply is a text, a number, or a list
   * of these.
   *
   * @throws JedisException if it is away, does not answer in time, or refuses
   */
  public Object ask(Node node, String words) {
    byte[][] parts = SafeEncoder.encodeMany(words.split(" "));
    byte[][] arguments = Arrays.copyOfRange(parts, 1, parts.length);
    try {
      Connection connection = open.computeIfAbsent(node, one -> connector.open(one, PATIENCE));
      connection.sendCommand(() -> parts[0], arguments);
      Object reply = SafeEncoder.encodeObject(connection.getOne());
      return reply == null ? "" : reply;
    } catch (JedisDataException e) {
      throw e;
    } catch (JedisException e) {
      forget(node);
      throw e;
    }
  }

  /**
   * The same, for a list.
   *
   * @throws JedisException also if it is none
   */
  List<?> list(Node node, String words) {
    if (ask(node, words) instanceof List<?> list) {
      return list;
    }
    throw new JedisDataException("%s answers no list to %s".formatted(node, words));
  }

  @Override
  public void close() {
    List.copyOf(open.keySet()).forEach(this::forget);
  }

  private void forget(Node node) {
    Connection connection = open.remove(node);
    if (connection != null) {
      try {
        connection.forceDisconnect();
      } catch (IOException | JedisException e) {
        // it is gone either way
      }
    }
  }
}
