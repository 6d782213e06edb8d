package org.firstlight.redis.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.firstlight.redis.pipeline.Bytes;

/**
 * An entry of a kind's index: the id, and the home where that is another. Ordered as Redis orders
 * them, byte by byte.
 */
record IndexMember(String id, String home) implements Comparable<IndexMember> {
  private static final char SEPARATOR = '\0';

  static IndexMember parse(byte[] stored) {
    String text = new String(stored, StandardCharsets.UTF_8);
    int separator = text.indexOf(SEPARATOR);
    return separator < 0
        ? new IndexMember(text, text)
        : new IndexMember(text.substring(0, separator), text.substring(separator + 1));
  }

  /**
   * @throws IllegalArgumentException if it is not a cursor that we gave
   */
  static IndexMember fromCursor(String cursor) {
    try {
      return parse(Base64.getUrlDecoder().decode(cursor));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("this cursor is not one of ours", e);
    }
  }

  String cursor() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
  }

  byte[] bytes() {
    return Bytes.of(id.equals(home) ? id : id + SEPARATOR + home);
  }

  @Override
  public int compareTo(IndexMember other) {
    return Arrays.compareUnsigned(bytes(), other.bytes());
  }
}
