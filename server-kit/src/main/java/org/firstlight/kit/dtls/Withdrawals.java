package org.firstlight.kit.dtls;

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

/** Tells handshakes which devices may no longer come. */
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
    return known(name)
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(away -> Optional.empty());
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
