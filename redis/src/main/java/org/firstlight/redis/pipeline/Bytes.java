package org.firstlight.redis.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between what Redis speaks and what Java holds. */
public final class Bytes {
  public static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] of(long number) {
    return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
  }

  public static String text(@Nullable Object reply) {
    if (reply instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    throw new IllegalStateException("Redis answered something else than a text");
  }

  public static long number(@Nullable Object reply) {
    if (reply instanceof Long number) {
      return number;
    }
    throw new IllegalStateException("Redis answered something else than a number");
  }

  /** Elements of a reply; none for a nil. */
  public static List<?> list(@Nullable Object reply) {
    if (reply == null) {
      return List.of();
    }
    if (reply instanceof List<?> list) {
      return list;
    }
    throw new IllegalStateException("Redis answered something else than a list");
  }

  private Bytes() {}
}
