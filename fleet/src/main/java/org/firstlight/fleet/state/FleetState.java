package org.firstlight.fleet.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.firstlight.fleet.state.Index.Word;

/**
 * Stored records. Every stage completes after state has answered, from any thread, or exceptionally
 * with {@link org.firstlight.fleet.failure.DependencyUnavailableException}: then the outcome of a
 * commit is not known, and the caller repeats it or tells its own caller to.
 */
public interface FleetState {
  <T> CompletionStage<Optional<Stored<T>>> find(Kind<T> kind, String home, String id);

  /** Every record of a kind in one home, by id. */
  <T> CompletionStage<List<Stored<T>>> findAll(Kind<T> kind, String home);

  /** Changes records of one home together with their events, all or nothing. */
  CompletionStage<CommitOutcome> commit(Change change);

  /**
   * A page of a listed kind, by id, over all shards. A filter that passes few ends the page early:
   * it is shorter than {@code limit} then, and has a cursor.
   *
   * @param cursor from the page before; empty for the first
   * @throws IllegalArgumentException if the cursor is not one of ours
   */
  <T> CompletionStage<Page<T>> list(
      Kind<T> kind, Optional<String> cursor, int limit, Predicate<T> filter);

  /**
   * A page of an indexed kind. Its cost does not grow with the fleet. A search that must pass over
   * too many to find any ends the page early: it is shorter than {@code limit} then, and has a
   * cursor. Over all pages no record is shown twice, and none left out that stayed as it was.
   *
   * @param cursor from the page before of the same search; empty for the first
   * @throws IllegalArgumentException if the cursor is not one of ours
   */
  <T> CompletionStage<Page<T>> search(
      Kind<T> kind, Search search, Optional<String> cursor, int limit);

  /** How many of an indexed kind have all of {@code words}, and each one of {@code each}. */
  CompletionStage<Map<Word, Long>> count(Kind<?> kind, Set<Word> words, List<Word> each);

  /**
   * Reads, edits and commits one record, again when somebody else was faster.
   *
   * @param edit the changed record with its events, in a change of the same home; empty to leave it
   * @return the record as it is now; empty if there is none
   */
  <T> CompletionStage<Optional<Stored<T>>> edit(
      Kind<T> kind, String home, String id, Function<Stored<T>, Optional<Change>> edit);

  /**
   * Homes of records of a kind whose moment has come, at most {@code most}. They stay until a
   * commit gives the record another moment, or none.
   */
  CompletionStage<List<String>> due(Kind<?> kind, Instant now, int most);

  /** Keeps only the newest {@code keep} ids of a kind in a home. */
  <T> CompletionStage<Void> prune(Kind<T> kind, String home, int keep);

  /**
   * Keeps only the first {@code keep} ids of a listed kind in its one home: for ids that sort the
   * newest first. Some thousands go at a time, the others at the next call.
   */
  <T> CompletionStage<Void> keepFirst(Kind<T> kind, String home, int keep);
}
