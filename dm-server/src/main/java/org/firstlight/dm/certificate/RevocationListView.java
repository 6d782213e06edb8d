package org.firstlight.dm.certificate;

import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.credential.PublishedRevocationList;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.pki.Certificates;

/**
 * This node's copy of the operational CA's newest CRL, for who asks for it: no question goes to
 * state. It stays as it was while state is away.
 */
public final class RevocationListView {
  private static final String HOME = PublishedRevocationList.ID;

  /**
   * A list as it is given out.
   *
   * @param der not to be changed
   */
  public record Copy(PublishedRevocationList list, byte[] der) {}

  private final FleetState records;
  private volatile Optional<Copy> current = Optional.empty();

  public RevocationListView(FleetState records) {
    this.records = records;
  }

  /** Empty until one was made. */
  public Optional<Copy> current() {
    return current;
  }

  /** Fetches the bytes only where there is another list. */
  public CompletionStage<Void> refresh() {
    return records
        .find(Kinds.PUBLISHED_LIST, HOME, HOME)
        .thenCompose(
            newest ->
                newest.isEmpty() || isHere(newest.get().value())
                    ? CompletableFuture.completedStage(null)
                    : fetch(newest.get().value()));
  }

  private boolean isHere(PublishedRevocationList list) {
    return current.filter(copy -> copy.list().equals(list)).isPresent();
  }

  private CompletionStage<Void> fetch(PublishedRevocationList list) {
    return records
        .find(Kinds.PUBLISHED_LIST_BYTES, HOME, HOME)
        .thenAccept(
            found ->
                found
                    .map(bytes -> Base64.getDecoder().decode(bytes.value().base64()))
                    // of a newer list, which the next look finds
                    .filter(der -> Certificates.hexSha256(der).equals(list.sha256()))
                    .ifPresent(der -> show(new Copy(list, der))));
  }

  private synchronized void show(Copy copy) {
    if (current.filter(shown -> shown.list().number() >= copy.list().number()).isEmpty()) {
      current = Optional.of(copy);
    }
  }
}
