package org.firstlight.redis.state;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.state.Kind;
import org.firstlight.redis.pipeline.Bytes;

/** The moment at which a record is due, as the sorted sets of {@code Keys.due} have it. */
public final class DueTime {
  private static final byte[] NONE = {};

  static <T> byte[] of(Kind<T> kind, T value) {
    return kind.due()
        .flatMap(due -> due.apply(value))
        .map(Instant::toEpochMilli)
        .map(Bytes::of)
        .orElse(NONE);
  }

  /** Of a stored record; one that cannot be read is due at no moment. */
  public static <T> Optional<byte[]> of(Kind<T> kind, String id, byte[] stored) {
    return RecordCodec.decode(kind, id, stored) instanceof RecordCodec.Decoded.Good<T> good
        ? Optional.of(of(kind, good.record().value())).filter(score -> score.length > 0)
        : Optional.empty();
  }

  /** Its entry there. */
  public static byte[] member(String id, String home) {
    return new IndexMember(id, home).bytes();
  }

  private DueTime() {}
}
