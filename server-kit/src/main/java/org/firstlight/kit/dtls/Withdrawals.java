package org.firstlight.kit.dtls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.kit.pki.OperationalCertificates;

/** Tells handshakes which devices, and which of their certificates, may no longer come. */
public final class Withdrawals {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final FleetState records;
  private final Supplier<Suspensions> suspensions;

  /**
   * @param suspensions of manufacturers, as they are now
   */
  public Withdrawals(FleetState records, Supplier<Suspensions> suspensions) {
    this.records = records;
    this.suspensions = suspensions;
  }

  /**
   * Why the device may not come, in words; empty if it may, and while state is away: each request
   * on the connection is judged again, and a 5.03 tells a device to come later, where a failed
   * handshake would send it back to bootstrap. Answers from another thread.
   */
  public CompletionStage<Optional<String>> reason(EndpointName name) {
    return withPatience(known(name));
  }

  private static CompletionStage<Optional<String>> withPatience(
      CompletionStage<Optional<String>> judged) {
    return judged
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(away -> Optional.empty());
  }

  /** The same of a device that shows this certificate of the operational CA. */
  public CompletionStage<Optional<String>> reason(EndpointName name, X509Certificate shown) {
    CompletionStage<Optional<String>> revoked =
        records
            .find(
                Kinds.REVOKED_CERTIFICATE,
                name.value(),
                OperationalCertificates.serialNumber(shown))
            .thenApply(
                found ->
                    found
                        .filter(one -> one.value().opensNothing())
                        .map(one -> "this certificate is revoked"));
    return withPatience(
        known(name).thenCombine(revoked, (device, certificate) -> device.or(() -> certificate)));
  }

  /** The same of a device that showed that it has this PSK. */
  public CompletionStage<Optional<String>> reasonOfPsk(EndpointName name, String pskIdentity) {
    CompletionStage<Optional<String>> gone =
        records
            .find(Kinds.PSK, name.value(), pskIdentity)
            .thenApply(
                found -> found.isPresent() ? Optional.empty() : Optional.of("its PSK is gone"));
    return withPatience(known(name).thenCombine(gone, (device, psk) -> device.or(() -> psk)));
  }

  /**
   * The same of a device that showed that it has this raw public key.
   *
   * @param keySha256 hex
   */
  public CompletionStage<Optional<String>> reasonOfRawKey(EndpointName name, String keySha256) {
    CompletionStage<Optional<String>> gone =
        records
            .findAll(Kinds.RAW_PUBLIC_KEY, name.value())
            .thenApply(
                all ->
                    all.stream().anyMatch(one -> one.value().keySha256().equals(keySha256))
                        ? Optional.empty()
                        : Optional.of("its raw public key is no longer good"));
    return withPatience(known(name).thenCombine(gone, (device, key) -> device.or(() -> key)));
  }

  /** The same for those who can wait: fails while state is away. */
  public CompletionStage<Optional<String>> known(EndpointName name) {
    Optional<Failure> suspended = suspensions.get().refuse(name);
    if (suspended.isPresent()) {
      return CompletableFuture.supplyAsync(() -> suspended.map(Failure::reason));
    }
    return records
        .find(Kinds.DEVICE, name.value(), name.value())
        .thenApply(
            found ->
                found
                    .filter(device -> device.value().withdrawn())
                    .map(device -> "this device is revoked or retired"));
  }
}
