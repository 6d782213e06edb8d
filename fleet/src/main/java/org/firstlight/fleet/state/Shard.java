package org.firstlight.fleet.state;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** One of 256 fixed shards. */
public final class Shard {
  public static final int COUNT = 256;

  /** Made once: every key has one in it. */
  private static final List<String> WORDS =
      IntStream.range(0, COUNT).mapToObj(n -> HexFormat.of().toHexDigits((byte) n)).toList();

  /** Shard of a home: FNV-1a over its UTF-8 bytes, folded to 8 bits; never changes. */
  public static int of(String home) {
    int hash = 0x811c9dc5;
    for (byte b : home.getBytes(StandardCharsets.UTF_8)) {
      hash ^= b & 0xff;
      hash *= 0x01000193;
    }
    return (hash ^ hash >>> 8 ^ hash >>> 16 ^ hash >>> 24) & 0xff;
  }

  /** Two hex digits. */
  public static String word(int shard) {
    return WORDS.get(shard);
  }

  private Shard() {}
}
