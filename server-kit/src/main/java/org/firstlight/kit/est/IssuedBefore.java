package org.firstlight.kit.est;

import java.util.Optional;
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
   * Why no certificate is to be made over a key for a device, as the end of a sentence about it:
   * another device has one over it now, or is known by the key itself; or it was revoked as
   * compromised, whose ever it was.
   *
   * @param key hex SHA-256 of its SubjectPublicKeyInfo
   */
  public CompletionStage<Optional<String>> obstacle(String key, EndpointName name) {
    return records
        .find(Kinds.BY_KEY, key, key)
        .thenCompose(
            found -> {
              EndpointName holder = found.map(hint -> hint.value().endpointName()).orElse(name);
              CompletionStage<Boolean> another =
                  holder.equals(name) ? CompletableFuture.completedStage(false) : has(holder, key);
              return another.thenCombine(
                  isCompromised(key, name)
                      .thenCombine(isCompromised(key, holder), Boolean::logicalOr),
                  IssuedBefore::inWords);
            });
  }

  private static Optional<String> inWords(boolean another, boolean compromised) {
    if (another) {
      return Optional.of("another device has");
    }
    return compromised ? Optional.of("was revoked as compromised") : Optional.empty();
  }

  private CompletionStage<Boolean> isCompromised(String key, EndpointName holder) {
    return records
        .findAll(Kinds.REVOKED_CERTIFICATE, holder.value())
        .thenApply(ended -> ended.stream().anyMatch(one -> one.value().isCompromised(key)));
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
