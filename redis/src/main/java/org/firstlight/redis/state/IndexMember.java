package org.firstlight.redis.state;

import java.nio.charset.StandardCharsets;
import org.firstlight.redis.pipeline.Bytes;

/**
 * An entry of a kind's index: the id, and the home where that is another. Ordered as Redis orders
 * them, byte by byte.
 */
record IndexMember(String id, String home) {
  private static final char SEPARATOR = '\0';

  static IndexMember parse(byte[] stored) {
    String text = new String(stored, StandardCharsets.UTF_8);
    int separator = text.indexOf(SEPARATOR);
    return separator < 0
        ? new IndexMember(text, text)
        : new IndexMember(text.substring(0, separator), text.substring(separator + 1));
  }

  byte[] bytes() {
    return Bytes.of(id.equals(home) ? id : id + SEPARATOR + home);
  }
}
