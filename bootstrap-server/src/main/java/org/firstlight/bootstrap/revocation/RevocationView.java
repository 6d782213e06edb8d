package org.firstlight.bootstrap.revocation;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.firstlight.bootstrap.revocation.Revocations.Held;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.RevocationListBytes;
import org.firstlight.fleet.trust.RevocationStatus;
import org.firstlight.kit.pki.RevocationList;
import org.firstlight.kit.pki.UnreadableRevocationListException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the revocation lists, so that no handshake asks state for them. A list is
 * read from state again only when it has changed.
 */
public final class RevocationView {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationView.class);

  private final FleetState records;
  private final RecordsView<RevocationStatus, List<RevocationStatus>> statuses;
  private volatile Revocations current = Revocations.NONE;
  private CompletionStage<Revocations> last = CompletableFuture.completedStage(Revocations.NONE);

  public RevocationView(FleetState records) {
    this.records = records;
    this.statuses = new RecordsView<>(records, Kinds.REVOCATION_STATUS, List::copyOf);
  }

  /** What the last refresh found. */
  public Revocations current() {
    return current;
  }

  /** Reads anew what has changed; the stage fails, and the view stays, if state is away. */
  public synchronized CompletionStage<Revocations> refresh() {
    // one after the other: a slow one must not undo what a later one found
    last = last.handle((before, away) -> before).thenCompose(before -> read());
    return last;
  }

  private CompletionStage<Revocations> read() {
    return statuses
        .refresh()
        .thenCompose(all -> held(all))
        .thenApply(
            held -> {
              current = new Revocations(held);
              return current;
            });
  }

  /** One after the other: lists are long, and others wait for state too. */
  private CompletionStage<Map<String, Held>> held(List<RevocationStatus> all) {
    Map<String, Held> held = new ConcurrentHashMap<>();
    CompletionStage<Void> read = CompletableFuture.completedStage(null);
    for (RevocationStatus status : all) {
      read =
          read.thenCompose(before -> held(status))
              .thenAccept(one -> held.put(one.status().id(), one));
    }
    return read.thenApply(done -> held);
  }

  private CompletionStage<Held> held(RevocationStatus status) {
    if (status.held().isEmpty()) {
      return CompletableFuture.completedStage(new Held(status, Optional.empty()));
    }
    String wanted = status.held().get().sha256();
    Optional<RevocationList> known =
        Optional.ofNullable(current.lists().get(status.id()))
            .flatMap(Held::list)
            .filter(list -> list.sha256().equals(wanted));
    return known.isPresent()
        ? CompletableFuture.completedStage(new Held(status, known))
        : records
            .find(Kinds.REVOCATION_LIST, status.id(), status.id())
            .thenApply(stored -> new Held(status, stored.flatMap(RevocationView::list)));
  }

  private static Optional<RevocationList> list(Stored<RevocationListBytes> stored) {
    try {
      return Optional.of(RevocationList.parse(Base64.getDecoder().decode(stored.value().base64())));
    } catch (UnreadableRevocationListException | IllegalArgumentException damaged) {
      LOG.warn("revocation list {} cannot be read: {}", stored.id(), damaged.getMessage());
      return Optional.empty();
    }
  }
}
