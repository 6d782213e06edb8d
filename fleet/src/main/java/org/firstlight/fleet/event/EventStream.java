package org.firstlight.fleet.event;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The fleet's events, merged from all shards: at least once, nearly in order of time. */
public interface EventStream {
  /**
   * An event and where it stands.
   *
   * @param cursor opaque, to resume after
   */
  record Entry(String cursor, FleetEvent event) {}

  /** Up to {@code most} of the newest events, oldest first. */
  default CompletionStage<List<Entry>> newest(int most) {
    return newest(most, type -> true);
  }

  /**
   * The same, of the events of some types only, as far as they are among the newest: without {@link
   * FleetEvent#VALUES_CHANGED} these reach much further back.
   */
  CompletionStage<List<Entry>> newest(int most, Predicate<String> types);

  /**
   * Calls {@code consumer} for each event after {@code cursor} (from now on if it is empty), on one
   * thread of its own, until closed. Goes on by itself after state was away.
   *
   * @throws IllegalArgumentException if the cursor is not one of ours
   */
  default AutoCloseable follow(String cursor, Consumer<Entry> consumer) {
    return follow(cursor, type -> true, consumer);
  }

  /**
   * The same, of the events of some types only: the others cost little, {@link
   * FleetEvent#VALUES_CHANGED} nothing.
   */
  AutoCloseable follow(String cursor, Predicate<String> types, Consumer<Entry> consumer);
}
