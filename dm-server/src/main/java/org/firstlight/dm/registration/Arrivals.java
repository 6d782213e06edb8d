package org.firstlight.dm.registration;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.registration.DeviceListener.Occasion;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a device that was heard of through the parts that come after registration, in their order,
 * each when the one before is done, from the first that it concerns: mostly none. A part that fails
 * does not keep the next ones from it.
 */
public final class Arrivals {
  private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);

  private final Registrations registrations;
  private final List<DeviceListener> parts;

  public Arrivals(Registrations registrations, List<DeviceListener> parts) {
    this.registrations = registrations;
    this.parts = List.copyOf(parts);
  }

  /** The same for a registration that is not at hand. */
  public void heard(String registrationId, Occasion occasion) {
    registrations
        .findById(registrationId)
        .thenAccept(found -> found.ifPresent(registration -> heard(registration, occasion)))
        .exceptionally(
            fault -> {
              LOG.debug("registration {} cannot be read now", registrationId, fault);
              return null;
            });
  }

  /** An Update that told nothing new. */
  void updated(EndpointName endpointName) {
    parts.forEach(part -> part.updated(endpointName));
  }

  public void heard(Registration registration, Occasion occasion) {
    List<CompletableFuture<Boolean>> concerned =
        parts.stream().map(part -> concerns(part, registration, occasion)).toList();
    CompletableFuture.allOf(concerned.toArray(CompletableFuture<?>[]::new))
        .thenRun(
            () -> {
              int first = concerned.stream().map(CompletableFuture::join).toList().indexOf(true);
              if (first >= 0) {
                act(parts.subList(first, parts.size()), registration, occasion);
              }
            });
  }

  /** A part that cannot tell now may be concerned. */
  private static CompletableFuture<Boolean> concerns(
      DeviceListener part, Registration registration, Occasion occasion) {
    return CompletableFuture.completedStage(part)
        .thenCompose(asked -> asked.concerns(registration, occasion))
        .exceptionally(fault -> true)
        .toCompletableFuture();
  }

  private static void act(
      List<DeviceListener> parts, Registration registration, Occasion occasion) {
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
