package org.firstlight.redis.state;

import java.util.Arrays;
import java.util.List;
import org.firstlight.redis.pipeline.Bytes;
import org.jspecify.annotations.Nullable;

/** Numbers of a shard's homes, a bit each, in the order of Redis's {@code SETBIT}. */
final class Bitmap {
  private Bitmap() {}

  /** From what {@code words.lua} gives for a word: a bitmap, or a list of numbers. */
  static byte[] of(@Nullable Object reply) {
    if (reply instanceof byte[] bitmap) {
      return bitmap;
    }
    List<Integer> numbers =
        Bytes.list(reply).stream().map(number -> Integer.valueOf(Bytes.text(number))).toList();
    int most = numbers.stream().mapToInt(Integer::intValue).max().orElse(-1);
    byte[] bitmap = new byte[most / 8 + 1];
    numbers.forEach(number -> bitmap[number / 8] |= (byte) (0x80 >>> number % 8));
    return bitmap;
  }

  static byte[] and(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, Math.min(one.length, other.length));
    for (int i = 0; i < both.length; i++) {
      both[i] &= other[i];
    }
    return both;
  }

  static int count(byte[] bitmap) {
    int count = 0;
    for (byte bits : bitmap) {
      count += Integer.bitCount(bits & 0xff);
    }
    return count;
  }
}
