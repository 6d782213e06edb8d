package org.firstlight.fleet.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Index.Word;

/**
 * Stored records for callers that may wait, as the threads of the HTTP API may and no protocol
 * thread does. Each call answers, or throws {@link DependencyUnavailableException}.
 */
public final class BlockingState {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int PAGE = 500;

  private final FleetState records;

  public BlockingState(FleetState records) {
    this.records = records;
  }

  public <T> Optional<Stored<T>> find(Kind<T> kind, String home, String id) {
    return await(records.find(kind, home, id));
  }

  /** A record whose home is its id. */
  public <T> Optional<Stored<T>> find(Kind<T> kind, String id) {
    return find(kind, id, id);
  }

  public <T> List<Stored<T>> findAll(Kind<T> kind, String home) {
    return await(records.findAll(kind, home));
  }

  public CommitOutcome commit(Change change) {
    return await(records.commit(change));
  }

  public <T> Page<T> list(Kind<T> kind, Optional<String> cursor, int limit, Predicate<T> filter) {
    return await(records.list(kind, cursor, limit, filter));
  }

  public <T> Page<T> search(Kind<T> kind, Search search, Optional<String> cursor, int limit) {
    return await(records.search(kind, search, cursor, limit));
  }

  public Map<Word, Long> count(Kind<?> kind, Set<Word> words, List<Word> each) {
    return await(records.count(kind, words, each));
  }

  /** Every record of a small kind that passes the filter. */
  public <T> List<Stored<T>> listAll(Kind<T> kind, Predicate<T> filter) {
    List<Stored<T>> all = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<T> page = list(kind, cursor, PAGE, filter);
      all.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent());
    return all;
  }

  public <T> Optional<Stored<T>> edit(
      Kind<T> kind, String home, String id, Function<Stored<T>, Optional<Change>> edit) {
    return await(records.edit(kind, home, id, edit));
  }

  /**
   * Waits for an answer of state.
   *
   * @throws DependencyUnavailableException if state is away, or says nothing for too long
   */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("state answered with an error", e.getCause());
    } catch (TimeoutException e) {
      throw new DependencyUnavailableException("state did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DependencyUnavailableException("interrupted while waiting for state", e);
    }
  }
}
