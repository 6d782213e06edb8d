package org.firstlight.dm.observation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.registration.DeviceListener;
import org.firstlight.dm.registration.ObjectLinks;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Reads a few values of a device that people want to see first: who made it, its networks, its
 * signal. Once per object list, for more overloads small devices.
 */
public final class FirstReading implements DeviceListener {
  private static final Principal PLATFORM = Principal.platform("first-reading");
  private static final List<LwM2mPath> ALWAYS =
      Stream.of("/3/0/0", "/3/0/1", "/3/0/2", "/3/0/3").map(LwM2mPath::parse).toList();
  private static final List<LwM2mPath> WHERE_THERE =
      Stream.of("/4/0", "/13/0").map(LwM2mPath::parse).toList();

  private final Operations operations;
  private final Map<EndpointName, String> seen = new ConcurrentHashMap<>();

  public FirstReading(Operations operations) {
    this.operations = operations;
  }

  @Override
  public CompletionStage<Void> heard(Registration registration, Occasion occasion) {
    boolean mayBeNew = occasion == Occasion.REGISTERED || occasion == Occasion.OBJECTS_CHANGED;
    String links = Integer.toHexString(registration.objectLinks().hashCode());
    if (!mayBeNew || links.equals(seen.put(registration.endpointName(), links))) {
      return CompletableFuture.completedStage(null);
    }
    ObjectLinks objects = ObjectLinks.ofStored(registration.objectLinks());
    return CompletableFuture.allOf(
        Stream.concat(ALWAYS.stream(), WHERE_THERE.stream().filter(objects.instances()::contains))
            .map(path -> read(registration, path).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** What it refuses is simply not shown. */
  private CompletionStage<Void> read(Registration registration, LwM2mPath path) {
    return operations
        .perform(
            registration.endpointName(), registration.account(), PLATFORM, new Operation.Read(path))
        .thenApply(result -> null);
  }
}
