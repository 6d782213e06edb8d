package org.firstlight.kit.est;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;

/**
 * Which device a key has been certified for: the same key on two devices means that both came with
 * one image, or that one was copied.
 */
public final class IssuedBefore {
  private final FleetState records;

  public IssuedBefore(FleetState records) {
    this.records = records;
  }

  /**
   * Whether another device has a certificate over this key now, or is known by the key itself.
   *
   * @param key hex SHA-256 of its SubjectPublicKeyInfo
   */
  public CompletionStage<Boolean> isAnothers(String key, EndpointName name) {
    return records
        .find(Kinds.BY_KEY, key, key)
        .thenCompose(
            found ->
                found
                    .map(hint -> hint.value().endpointName())
                    .filter(holder -> !holder.equals(name))
                    .map(holder -> has(holder, key))
                    .orElseGet(() -> CompletableFuture.completedStage(false)));
  }

  private CompletionStage<Boolean> has(EndpointName holder, String key) {
    return records
        .findAll(Kinds.CERTIFICATE, holder.value())
        .thenApply(
            all ->
                all.stream()
                    .anyMatch(one -> one.value().keySha256().filter(key::equals).isPresent()))
        .thenCombine(
            records.findAll(Kinds.RAW_PUBLIC_KEY, holder.value()),
            (certified, all) ->
                certified || all.stream().anyMatch(one -> one.value().keySha256().equals(key)));
  }

  /** Remembers it: a hint, which is worth nothing without a record of the device's. */
  public CompletionStage<Void> note(String key, EndpointName name) {
    return records
        .commit(Change.in(key).put(Kinds.BY_KEY, key, Change.ANY_VERSION, new Hint(name)).build())
        .thenApply(done -> null);
  }
}
