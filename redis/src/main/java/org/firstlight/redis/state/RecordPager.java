package org.firstlight.redis.state;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
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
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Makes one page of a kind: merges what the shards give in order, a few entries of each at a time,
 * and reads the records in that order. What it reads and how often it asks is bounded, however few
 * the filter lets pass; the cursor says how far it came.
 */
final class RecordPager<T> {
  /** Reads what stands for an index entry; empty if it is gone or cannot be read. */
  interface Reader<T> {
    Optional<Stored<T>> read(Kind<T> kind, IndexMember member, byte @Nullable [] stored);
  }

  private static final int READ_AT_MOST = 5_000;
  private static final int ASK_AT_MOST = 200;

  private final Pipelines redis;
  private final Kind<T> kind;
  private final int limit;
  private final Predicate<T> filter;
  private final Reader<T> reader;
  private final Comparator<byte[]> order;
  private final List<Column> columns = new ArrayList<>();
  private final List<Stored<T>> items = new ArrayList<>();
  private Optional<byte[]> reached = Optional.empty();
  private int read;
  private int asked;

  /**
   * @param order of the places that the shards' entries have
   */
  RecordPager(
      Pipelines redis,
      Kind<T> kind,
      int limit,
      Predicate<T> filter,
      Reader<T> reader,
      Comparator<byte[]> order) {
    this.redis = redis;
    this.kind = kind;
    this.limit = limit;
    this.filter = filter;
    this.reader = reader;
    this.order = order;
  }

  /**
   * @throws IllegalArgumentException if it is not a cursor that we gave
   */
  static byte[] place(String cursor) {
    try {
      return Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("this cursor is not one of ours", e);
    }
  }

  /** The page that begins after this place. */
  CompletionStage<Page<T>> after(Optional<byte[]> place, Column.Source source) {
    reached = place;
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      columns.add(new Column(source, shard, place));
    }
    return fill();
  }

  /** Asks those shards that may have something before what is known of the page's end. */
  private CompletionStage<Page<T>> fill() {
    asked++;
    Optional<byte[]> end = knownEnd();
    List<CompletableFuture<Void>> answers =
        columns.stream()
            .filter(column -> !column.ended() && isBefore(column.reached(), end))
            .map(column -> column.ask(end))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenCompose(done -> readMerged());
  }

  /** Where the page ends at the latest; empty if too few entries are known. */
  private Optional<byte[]> knownEnd() {
    return columns.stream()
        .flatMap(column -> column.known().stream())
        .map(Column.Entry::place)
        .sorted(order)
        .skip(limit - items.size() - 1L)
        .findFirst();
  }

  private boolean isBefore(Optional<byte[]> reached, Optional<byte[]> end) {
    return reached.isEmpty() || end.isEmpty() || order.compare(reached.get(), end.get()) < 0;
  }

  private CompletionStage<Page<T>> readMerged() {
    List<Column.Entry> next = merged();
    List<CompletableFuture<@Nullable Object>> records =
        next.stream()
            .map(
                entry ->
                    redis.query(
                        Command.HGET,
                        Keys.records(entry.member().home()),
                        Keys.field(kind, entry.member().id())))
            .toList();
    return CompletableFuture.allOf(records.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              for (int i = 0; i < next.size(); i++) {
                take(next.get(i), (byte[]) records.get(i).join());
                if (items.size() == limit) {
                  return page(i + 1 < next.size() || mayHaveMore());
                }
              }
              if (!mayHaveMore()) {
                return page(false);
              }
              if (next.size() < limit) {
                edge().ifPresent(edge -> reached = Optional.of(edge));
              }
              return read < READ_AT_MOST && asked < ASK_AT_MOST ? fill() : page(true);
            });
  }

  /** The next entries in order, as far as they are known for sure, a page at most. */
  private List<Column.Entry> merged() {
    List<Column.Entry> next = new ArrayList<>();
    PriorityQueue<Column> heads =
        new PriorityQueue<>((a, b) -> order.compare(headOf(a), headOf(b)));
    columns.stream().filter(column -> column.head().isPresent()).forEach(heads::add);
    Optional<byte[]> edge = edge();
    while (next.size() < limit && !heads.isEmpty()) {
      Column first = heads.remove();
      byte[] place = headOf(first);
      if (edge.isPresent() && order.compare(place, edge.get()) > 0) {
        break;
      }
      next.add(first.take());
      if (first.head().isPresent()) {
        heads.add(first);
      }
    }
    return next;
  }

  /** As far as every shard is known; empty if that is to the end. */
  private Optional<byte[]> edge() {
    return columns.stream().map(Column::reached).flatMap(Optional::stream).min(order);
  }

  private static byte[] headOf(Column column) {
    return column.head().orElseThrow().place();
  }

  private boolean mayHaveMore() {
    return columns.stream().anyMatch(Column::mayHaveMore);
  }

  private void take(Column.Entry entry, byte @Nullable [] stored) {
    read++;
    reached = Optional.of(entry.place());
    reader
        .read(kind, entry.member(), stored)
        .filter(record -> filter.test(record.value()))
        .ifPresent(items::add);
  }

  private CompletionStage<Page<T>> page(boolean more) {
    Optional<String> next =
        reached
            .filter(place -> more)
            .map(place -> Base64.getUrlEncoder().withoutPadding().encodeToString(place));
    return CompletableFuture.completedStage(new Page<>(items, next));
  }
}
