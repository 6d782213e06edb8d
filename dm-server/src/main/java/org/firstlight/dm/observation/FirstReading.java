package org.firstlight.dm.observation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.registration.DeviceListener;
import org.firstlight.dm.registration.ObjectLinks;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Reads a few values of a device that people want to see first: who made it, its networks, its
 * signal. One Read for each Object Instance, and once per object list, for more overloads small
 * devices.
 */
public final class FirstReading implements DeviceListener {
  private static final Principal PLATFORM = Principal.platform("first-reading");
  private static final LwM2mPath DEVICE = LwM2mPath.parse("/3/0");

  /** For a device that does not let itself be read as a whole. */
  private static final List<LwM2mPath> OF_THE_DEVICE =
      Stream.of("/3/0/0", "/3/0/1", "/3/0/2", "/3/0/3").map(LwM2mPath::parse).toList();

  private static final List<LwM2mPath> WHERE_THERE =
      Stream.of("/4/0", "/13/0").map(LwM2mPath::parse).toList();

  private final Operations operations;

  /** Hash of the object list that was read of each device. */
  private final Map<EndpointName, Integer> seen = new ConcurrentHashMap<>();

  public FirstReading(Operations operations) {
    this.operations = operations;
  }

  @Override
  public CompletionStage<Boolean> concerns(Registration registration, Occasion occasion) {
    return CompletableFuture.completedStage(
        mayBeNew(occasion)
            && !Integer.valueOf(registration.objectLinks().hashCode())
                .equals(seen.get(registration.endpointName())));
  }

  @Override
  public CompletionStage<Void> heard(Registration registration, Occasion occasion) {
    Integer links = registration.objectLinks().hashCode();
    if (!mayBeNew(occasion) || links.equals(seen.put(registration.endpointName(), links))) {
      return CompletableFuture.completedStage(null);
    }
    ObjectLinks objects = ObjectLinks.ofStored(registration.objectLinks());
    List<LwM2mPath> rest = WHERE_THERE.stream().filter(objects.instances()::contains).toList();
    return read(registration, DEVICE)
        .thenCompose(result -> readAll(registration, next(result, rest)));
  }

  private static boolean mayBeNew(Occasion occasion) {
    return occasion == Occasion.REGISTERED || occasion == Occasion.OBJECTS_CHANGED;
  }

  /** One that refuses is asked for less at a time; one that did not answer, for nothing more. */
  private static List<LwM2mPath> next(OperationResult result, List<LwM2mPath> rest) {
    if (!(result instanceof OperationResult.Failed failed)) {
      return rest;
    }
    return failed.failure().code() == FailureCode.DEVICE_REJECTED
        ? Stream.concat(OF_THE_DEVICE.stream(), rest.stream()).toList()
        : List.of();
  }

  /** What it refuses is simply not shown. */
  private CompletionStage<Void> readAll(Registration registration, List<LwM2mPath> paths) {
    return CompletableFuture.allOf(
        paths.stream()
            .map(path -> read(registration, path).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private CompletionStage<OperationResult> read(Registration registration, LwM2mPath path) {
    return operations.perform(
        registration.endpointName(), registration.account(), PLATFORM, new Operation.Read(path));
  }
}
