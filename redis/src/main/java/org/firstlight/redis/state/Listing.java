package org.firstlight.redis.state;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.firstlight.fleet.state.Kind;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import redis.clients.jedis.Protocol.Command;

/** A listed kind's entries, by id: a sorted set per shard. */
final class Listing implements Column.Source {
  private static final byte[] LIMIT = Bytes.of("LIMIT");
  private static final byte[] ZERO = Bytes.of("0");

  private final Pipelines redis;
  private final Kind<?> kind;
  private final int entries;

  Listing(Pipelines redis, Kind<?> kind, int limit) {
    this.redis = redis;
    this.kind = kind;
    // a filter may let few of them pass
    this.entries = 16 + limit / 16;
  }

  @Override
  public CompletableFuture<Column.Slice> next(Column.Question question) {
    byte[] start = question.after().map(Listing::beyond).orElse(Bytes.of("-"));
    return redis
        .query(
            Command.ZRANGEBYLEX,
            Keys.index(question.shard(), kind),
            start,
            Bytes.of("+"),
            LIMIT,
            ZERO,
            Bytes.of(entries))
        .thenApply(
            reply -> {
              List<Column.Entry> found =
                  Bytes.list(reply).stream()
                      .map(byte[].class::cast)
                      .map(member -> new Column.Entry(member, IndexMember.parse(member)))
                      .toList();
              return new Column.Slice(
                  found,
                  found.size() < entries
                      ? Optional.empty()
                      : Optional.of(found.get(entries - 1).place()));
            });
  }

  private static byte[] beyond(byte[] place) {
    byte[] bound = new byte[place.length + 1];
    bound[0] = '(';
    System.arraycopy(place, 0, bound, 1, place.length);
    return bound;
  }
}
