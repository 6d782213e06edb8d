package org.firstlight.redis.state;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.firstlight.fleet.state.Index;
import org.firstlight.fleet.state.Kind;
import org.firstlight.redis.pipeline.Bytes;

/** What a record is found by, as {@code index.lua} reads it. */
final class IndexLine {
  /** Slots of the index are so long. */
  private static final int LONGEST_HOME = 64;

  private IndexLine() {}

  /** The record's name in its home's index: one whose id is the home needs none. */
  static byte[] record(Kind<?> kind, String id, String home) {
    return Bytes.of(id.equals(home) ? kind.word() : kind.word() + ":" + id);
  }

  /** Empty for a record that is found by nothing. */
  static <T> byte[] of(Kind<T> kind, String id, String home, T value) {
    if (Bytes.of(home).length > LONGEST_HOME) {
      throw new IllegalArgumentException("the name of an indexed home has 64 bytes at most");
    }
    Index<T> index = kind.index().orElseThrow();
    if (!index.counts().test(id)) {
      return new byte[0];
    }
    Index.Entry entry = index.entry().apply(value);
    StringBuilder line = new StringBuilder();
    TreeSet<String> words = new TreeSet<>();
    entry.words().forEach(word -> words.add(word.text()));
    words.forEach(word -> line.append('\t').append(word));
    for (Map.Entry<String, String> key : new TreeMap<>(entry.keys()).entrySet()) {
      String clean = key.getValue().replaceAll("\\p{Cntrl}", "?");
      line.append('\t').append(key.getKey()).append('<').append(clean);
    }
    return Bytes.of(line.toString());
  }
}
