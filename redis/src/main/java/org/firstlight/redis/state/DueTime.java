package org.firstlight.redis.state;

import java.time.Instant;
import org.firstlight.fleet.state.Kind;
import org.firstlight.redis.pipeline.Bytes;

/** The moment at which a record is due, as the sorted sets of {@code Keys.due} have it. */
final class DueTime {
  private static final byte[] NONE = {};

  static <T> byte[] of(Kind<T> kind, T value) {
    return kind.due()
        .flatMap(due -> due.apply(value))
        .map(Instant::toEpochMilli)
        .map(Bytes::of)
        .orElse(NONE);
  }

  private DueTime() {}
}
