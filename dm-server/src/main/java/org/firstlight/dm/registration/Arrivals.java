package org.firstlight.dm.registration;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a device that was heard of through the parts that come after registration, in their order,
 * each when the one before is done. A part that fails does not keep the next ones from it.
 */
public final class Arrivals {
  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  private final List<DeviceListener> parts;

  public Arrivals(List<DeviceListener> parts) {
    this.parts = List.copyOf(parts);
  }

  public void heard(Registration registration, Occasion occasion) {
    CompletionStage<Void> chain = CompletableFuture.completedStage(null);
    for (DeviceListener part : parts) {
      chain =
          chain
              .thenCompose(done -> part.heard(registration, occasion))
              .exceptionally(
                  fault -> {
                    report(registration, fault);
                    return null;
                  });
    }
  }

  private static void report(Registration registration, Throwable fault) {
    Throwable cause = fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof DependencyUnavailableException) {
      LOG.warn("{}: state is away, it goes on at its next contact", registration.endpointName());
    } else {
      LOG.error("{}: a step after its registration failed", registration.endpointName(), cause);
    }
  }
}
