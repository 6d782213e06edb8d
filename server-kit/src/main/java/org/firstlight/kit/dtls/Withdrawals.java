package org.firstlight.kit.dtls;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;

/**
 * Tells handshakes which devices may no longer come. While state is away none is known to be
 * withdrawn: each request on the connection is judged again, and a 5.03 tells a device to come
 * later, where a failed handshake would send it back to bootstrap.
 */
public final class Withdrawals {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final FleetState records;

  public Withdrawals(FleetState records) {
    this.records = records;
  }

  /** Whether the device is revoked or retired; answers from another thread. */
  public CompletionStage<Boolean> include(EndpointName name) {
    return records
        .find(Kinds.DEVICE, name.value(), name.value())
        .thenApply(found -> found.filter(device -> device.value().withdrawn()).isPresent())
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(away -> false);
  }
}
