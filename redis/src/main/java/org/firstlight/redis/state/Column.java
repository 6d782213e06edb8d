package org.firstlight.redis.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is known of one shard's part of a sorted list, beginning at its next entry. */
final class Column {
  /** Where a record is to be found, and its place in the list. */
  record Entry(byte[] place, IndexMember member) {}

  /**
   * Some entries of a shard, in order.
   *
   * @param reached there are no others up to here; empty if there are none at all
   */
  record Slice(List<Entry> entries, Optional<byte[]> reached) {}

  /** Asks a shard for its next entries. */
  interface Source {
    /**
     * @param after the place to go on after; empty from the start
     */
    CompletableFuture<Slice> next(int shard, Optional<byte[]> after);
  }

  private final Source source;
  private final int shard;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private Optional<byte[]> reached;
  private boolean ended;

  Column(Source source, int shard, Optional<byte[]> after) {
    this.source = source;
    this.shard = shard;
    this.reached = after;
  }

  CompletableFuture<Void> ask() {
    return source
        .next(shard, reached)
        .thenAccept(
            slice -> {
              entries.addAll(slice.entries());
              ended = slice.reached().isEmpty();
              reached = slice.reached();
            });
  }

  Optional<Entry> head() {
    return Optional.ofNullable(entries.peekFirst());
  }

  Entry take() {
    return entries.removeFirst();
  }

  /** Nothing is known beyond {@link #reached}. */
  boolean mustAsk() {
    return entries.isEmpty() && !ended;
  }

  boolean mayHaveMore() {
    return !entries.isEmpty() || !ended;
  }

  Optional<byte[]> reached() {
    return reached;
  }
}
