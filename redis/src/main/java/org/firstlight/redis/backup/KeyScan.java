package org.firstlight.redis.backup;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.firstlight.redis.pipeline.Bytes;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/**
 * Goes through every key of ours, on every master. Only offline tools do: its cost grows with the
 * key space.
 */
final class KeyScan {
  private static final byte[] MATCH = Bytes.of("MATCH");
  private static final byte[] OURS = Bytes.of("fl:*");
  private static final byte[] COUNT = Bytes.of("COUNT");
  private static final byte[] SLICE = Bytes.of("1000");
  private static final String BEGIN = "0";

  private final Supplier<List<Connection>> masters;

  /**
   * @param masters opens a connection to each
   */
  KeyScan(Supplier<List<Connection>> masters) {
    this.masters = masters;
  }

  /**
   * A key that is there throughout is given once or more often.
   *
   * @param visitor says whether to go on
   */
  void forEach(Predicate<String> visitor) {
    List<Connection> open = masters.get();
    try {
      boolean more = true;
      for (Connection master : open) {
        more = more && forEach(master, visitor);
      }
    } finally {
      open.forEach(Connection::close);
    }
  }

  private static boolean forEach(Connection master, Predicate<String> visitor) {
    String cursor = BEGIN;
    do {
      master.sendCommand(Command.SCAN, Bytes.of(cursor), MATCH, OURS, COUNT, SLICE);
      List<?> reply = Bytes.list(master.getOne());
      for (Object key : Bytes.list(reply.get(1))) {
        if (!visitor.test(Bytes.text(key))) {
          return false;
        }
      }
      cursor = Bytes.text(reply.get(0));
    } while (!cursor.equals(BEGIN));
    return true;
  }
}
