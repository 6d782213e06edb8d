package org.firstlight.fleet.state;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What could not be read and was put out of the way, for the one who runs the platform. */
public interface SetAsideRecords {
  /**
   * A note of one; what it holds is never shown.
   *
   * @param kind its word, as the event {@code record.set-aside} spells it
   * @param at when it was noted first; not known of those that an earlier release noted
   * @param moved whether it lies here now; a record of a later format stays where it was, for the
   *     release that can read it, and one of {@link Kinds#NEVER_MOVED} until somebody mends it
   */
  record SetAside(
      String kind, String home, String id, String reason, Optional<Instant> at, boolean moved) {}

  /**
   * A page of notes, shard by shard; it may be shorter than {@code limit} and have a cursor. The id
   * of each is for {@link #discard}.
   *
   * @throws IllegalArgumentException if the cursor is not one of ours
   */
  CompletionStage<Page<SetAside>> list(Optional<String> cursor, int limit);

  /**
   * Forgets a note and, if it was moved, what it holds, for good.
   *
   * @return false if there is no such note, or another one by now: something was set aside again
   *     under that name
   */
  CompletionStage<Boolean> discard(String noteId);

  CompletionStage<Long> count();
}
