package org.firstlight.dm.transport;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;

/** Says whose a raw public key is: a hint by its hash, checked against the device's record. */
public final class RawKeyHolders {
  private final FleetState records;

  public RawKeyHolders(FleetState records) {
    this.records = records;
  }

  /**
   * Empty for a key that is nobody's, or no longer. Fails while state is away.
   *
   * @param keySha256 hex digest of its SubjectPublicKeyInfo
   */
  public CompletionStage<Optional<EndpointName>> holder(String keySha256) {
    return records
        .find(Kinds.BY_KEY, keySha256, keySha256)
        .thenCompose(
            found ->
                found
                    .map(hint -> checked(hint.value().endpointName(), keySha256))
                    .orElseGet(() -> CompletableFuture.completedStage(Optional.empty())));
  }

  private CompletionStage<Optional<EndpointName>> checked(EndpointName name, String keySha256) {
    return records
        .findAll(Kinds.RAW_PUBLIC_KEY, name.value())
        .thenApply(
            all ->
                all.stream().anyMatch(one -> one.value().keySha256().equals(keySha256))
                    ? Optional.of(name)
                    : Optional.empty());
  }
}
