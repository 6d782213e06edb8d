package org.firstlight.redis.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Shard;
import org.firstlight.fleet.state.Stored;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Makes one page of a kind: merges the shards' indexes by id, a few entries of each at a time, and
 * reads the records in that order. What it reads is bounded, however few the filter lets pass.
 */
final class RecordPager<T> {
  /** Reads what stands for an index entry; empty if it is gone or cannot be read. */
  interface Reader<T> {
    Optional<Stored<T>> read(Kind<T> kind, IndexMember member, byte @Nullable [] stored);
  }

  private static final int READ_AT_MOST = 5_000;
  private static final byte[] LEX_END = Bytes.of("+");
  private static final byte[] LEX_START = Bytes.of("-");
  private static final byte[] LIMIT = Bytes.of("LIMIT");
  private static final byte[] ZERO = Bytes.of("0");

  private final Pipelines redis;
  private final Kind<T> kind;
  private final int limit;
  private final Predicate<T> filter;
  private final Reader<T> reader;
  private final int entriesPerShard;
  private final List<Column> columns = new ArrayList<>();
  private final List<Stored<T>> items = new ArrayList<>();
  private int read;
  private Optional<IndexMember> last;

  RecordPager(Pipelines redis, Kind<T> kind, int limit, Predicate<T> filter, Reader<T> reader) {
    this.redis = redis;
    this.kind = kind;
    this.limit = limit;
    this.filter = filter;
    this.reader = reader;
    this.entriesPerShard = 4 + limit / 32;
    this.last = Optional.empty();
  }

  /** The page that begins after this entry. */
  CompletionStage<Page<T>> after(Optional<IndexMember> cursor) {
    last = cursor;
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      columns.add(new Column(shard, cursor));
    }
    return fill();
  }

  private CompletionStage<Page<T>> fill() {
    List<CompletableFuture<Void>> asked =
        columns.stream().filter(Column::mustAsk).map(Column::ask).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenCompose(done -> readMerged());
  }

  /** Reads records as far as the next entry is known for sure. */
  private CompletionStage<Page<T>> readMerged() {
    List<IndexMember> next = new ArrayList<>();
    PriorityQueue<Column> heads = new PriorityQueue<>(Column::compareHeads);
    columns.stream().filter(Column::hasNext).forEach(heads::add);
    boolean known = true;
    while (known && next.size() < limit && !heads.isEmpty()) {
      Column first = heads.remove();
      next.add(first.entries.removeFirst());
      known = !first.mustAsk();
      if (first.hasNext()) {
        heads.add(first);
      }
    }
    List<CompletableFuture<@Nullable Object>> records =
        next.stream()
            .map(
                member ->
                    redis.query(
                        Command.HGET,
                        Keys.records(member.home()),
                        RedisFleetState.field(kind, member.id())))
            .toList();
    return CompletableFuture.allOf(records.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              for (int i = 0; i < next.size(); i++) {
                take(next.get(i), (byte[]) records.get(i).join());
                if (items.size() == limit) {
                  boolean more =
                      i + 1 < next.size() || columns.stream().anyMatch(Column::mayHaveMore);
                  return page(more);
                }
              }
              boolean more = columns.stream().anyMatch(Column::mayHaveMore);
              return more && read < READ_AT_MOST ? fill() : page(more);
            });
  }

  private void take(IndexMember member, byte @Nullable [] stored) {
    read++;
    last = Optional.of(member);
    reader
        .read(kind, member, stored)
        .filter(record -> filter.test(record.value()))
        .ifPresent(items::add);
  }

  private CompletionStage<Page<T>> page(boolean more) {
    Optional<String> next = more ? last.map(IndexMember::cursor) : Optional.empty();
    return CompletableFuture.completedStage(new Page<>(items, next));
  }

  /** What is known of one shard's index. */
  private final class Column {
    private final int shard;
    private final Deque<IndexMember> entries = new ArrayDeque<>();
    private Optional<IndexMember> asked;
    private boolean ended;

    Column(int shard, Optional<IndexMember> cursor) {
      this.shard = shard;
      this.asked = cursor;
    }

    boolean hasNext() {
      return !entries.isEmpty();
    }

    boolean mustAsk() {
      return entries.isEmpty() && !ended;
    }

    boolean mayHaveMore() {
      return hasNext() || !ended;
    }

    int compareHeads(Column other) {
      return entries.getFirst().compareTo(other.entries.getFirst());
    }

    CompletableFuture<Void> ask() {
      byte[] start = asked.map(member -> after(member.bytes())).orElse(LEX_START);
      return redis
          .query(
              Command.ZRANGEBYLEX,
              Keys.index(shard, kind),
              start,
              LEX_END,
              LIMIT,
              ZERO,
              Bytes.of(entriesPerShard))
          .thenAccept(this::learn);
    }

    private void learn(@Nullable Object reply) {
      List<?> found = Bytes.list(reply);
      for (Object member : found) {
        entries.add(IndexMember.parse((byte[]) member));
      }
      ended = found.size() < entriesPerShard;
      if (!entries.isEmpty()) {
        asked = Optional.of(entries.getLast());
      }
    }

    private static byte[] after(byte[] member) {
      byte[] bound = new byte[member.length + 1];
      bound[0] = '(';
      System.arraycopy(member, 0, bound, 1, member.length);
      return bound;
    }
  }
}
