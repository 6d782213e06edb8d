package org.firstlight.redis.event;

import java.util.Comparator;
import org.firstlight.redis.pipeline.Bytes;

/**
 * Where an event stands among those of all shards: by Redis's clock, then by stream, then by the
 * number that the stream gave. As text it is a cursor, {@code milliseconds-stream-number}.
 */
record StreamPosition(long millis, int stream, long number) implements Comparable<StreamPosition> {
  private static final Comparator<StreamPosition> ORDER =
      Comparator.comparingLong(StreamPosition::millis)
          .thenComparingInt(StreamPosition::stream)
          .thenComparingLong(StreamPosition::number);

  /**
   * @throws IllegalArgumentException if it is not a cursor that we gave
   */
  static StreamPosition parse(String cursor) {
    if (!cursor.matches("\\d{1,15}-\\d{1,3}-\\d{1,15}")) {
      throw new IllegalArgumentException("this cursor is not one of ours");
    }
    String[] parts = cursor.split("-");
    return new StreamPosition(
        Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  /** Position of a stream's entry. */
  static StreamPosition of(int stream, String entryId) {
    int dash = entryId.indexOf('-');
    return new StreamPosition(
        Long.parseLong(entryId.substring(0, dash)),
        stream,
        Long.parseLong(entryId.substring(dash + 1)));
  }

  /** The entry id that ends a millisecond before this one, in any stream. */
  static byte[] endBefore(long millis) {
    return Bytes.of(millis == 0 ? "0-0" : (millis - 1) + "-" + Long.MAX_VALUE);
  }

  /**
   * Where to go on in a stream after this event was handed on. What other streams have of the same
   * millisecond may or may not have been, so it comes again.
   */
  byte[] resumeIn(int someStream) {
    return someStream == stream ? entryId() : endBefore(millis);
  }

  /** The entry's id in its own stream. */
  byte[] entryId() {
    return Bytes.of(millis + "-" + number);
  }

  @Override
  public int compareTo(StreamPosition other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return millis + "-" + stream + "-" + number;
  }
}
