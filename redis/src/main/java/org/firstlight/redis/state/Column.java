package org.firstlight.redis.state;

import java.util.ArrayDeque;
import java.util.Collection;
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
    CompletableFuture<Slice> next(Question question);
  }

  /**
   * What a shard is asked.
   *
   * @param after the place to go on after; empty from the start
   * @param upTo what lies beyond this place is not wanted yet; empty if all is
   * @param turn how often this shard was asked before: whoever goes on asking wants more
   */
  record Question(int shard, Optional<byte[]> after, Optional<byte[]> upTo, int turn) {}

  private final Source source;
  private final int shard;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private Optional<byte[]> reached;
  private boolean ended;
  private int turn;

  Column(Source source, int shard, Optional<byte[]> after) {
    this.source = source;
    this.shard = shard;
    this.reached = after;
  }

  CompletableFuture<Void> ask(Optional<byte[]> upTo) {
    return source
        .next(new Question(shard, reached, upTo, turn++))
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

  Collection<Entry> known() {
    return entries;
  }

  /** Whether all of its entries are known, beyond {@link #reached} too. */
  boolean ended() {
    return ended;
  }

  /** As far as its entries are known; empty if it was not asked yet, or has ended. */
  Optional<byte[]> reached() {
    return reached;
  }

  boolean mayHaveMore() {
    return !entries.isEmpty() || !ended;
  }
}
