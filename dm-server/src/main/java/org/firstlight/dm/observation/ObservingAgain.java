package org.firstlight.dm.observation;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Observations;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.registration.DeviceListener;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Asks again for every observation when a device registers: it has forgotten them, or dropped them
 * for a reset; and when it is first heard of after a restart of ours, for then we have.
 */
public final class ObservingAgain implements DeviceListener {
  private static final Principal PLATFORM = Principal.platform("observation");

  private final Observations observations;
  private final Operations operations;

  public ObservingAgain(Observations observations, Operations operations) {
    this.observations = observations;
    this.operations = operations;
  }

  @Override
  public CompletionStage<Boolean> concerns(Registration registration, Occasion occasion) {
    return wanted(registration, occasion).thenApply(paths -> !paths.isEmpty());
  }

  @Override
  public CompletionStage<Void> heard(Registration registration, Occasion occasion) {
    return wanted(registration, occasion).thenCompose(paths -> observe(registration, paths));
  }

  private CompletionStage<Set<LwM2mPath>> wanted(Registration registration, Occasion occasion) {
    return occasion == Occasion.REGISTERED || occasion == Occasion.HEARD_AGAIN
        ? observations.wanted(registration.endpointName(), registration.account())
        : CompletableFuture.completedStage(Set.of());
  }

  private CompletionStage<Void> observe(Registration registration, Set<LwM2mPath> paths) {
    return CompletableFuture.allOf(
        paths.stream()
            .map(
                path ->
                    operations
                        .perform(
                            registration.endpointName(),
                            registration.account(),
                            PLATFORM,
                            new Operation.Observe(path))
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }
}
