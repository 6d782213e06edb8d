package org.firstlight.fleet.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A node's copy of every record of a small platform kind (manufacturers, plans), so that no
 * protocol thread asks state for them. It stays as it was while state is away. Who owns it calls
 * {@link #refresh} at start, on change events and now and then.
 *
 * @param <T> the records' type
 * @param <V> what is made of them once, for quick use
 */
public final class RecordsView<T, V> {
  private static final int PAGE = 500;

  private final FleetState records;
  private final Kind<T> kind;
  private final Function<List<T>, V> digest;
  private final AtomicLong asked = new AtomicLong();
  private volatile V current;
  private long shown;

  public RecordsView(FleetState records, Kind<T> kind, Function<List<T>, V> digest) {
    this.records = records;
    this.kind = kind;
    this.digest = digest;
    this.current = digest.apply(List.of());
  }

  /** What the last refresh found. */
  public V current() {
    return current;
  }

  /** Reads all records anew; the stage fails, and the view stays, if state is away. */
  public CompletionStage<V> refresh() {
    long turn = asked.incrementAndGet();
    return page(Optional.empty(), new ArrayList<>())
        .thenApply(digest)
        .thenApply(view -> show(turn, view));
  }

  /** A slow answer never takes the place of one that was asked for later. */
  private synchronized V show(long turn, V view) {
    if (turn > shown) {
      shown = turn;
      current = view;
    }
    return current;
  }

  private CompletionStage<List<T>> page(Optional<String> cursor, List<T> all) {
    return records
        .list(kind, cursor, PAGE, value -> true)
        .thenCompose(
            page -> {
              page.items().forEach(stored -> all.add(stored.value()));
              return page.next().isPresent()
                  ? page(page.next(), all)
                  : CompletableFuture.completedStage(all);
            });
  }
}
