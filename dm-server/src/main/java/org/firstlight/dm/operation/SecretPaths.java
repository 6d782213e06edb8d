package org.firstlight.dm.operation;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.objects.path.LwM2mPath;

/** Where a device holds secrets that were written to it: what it answers there is never shown. */
public interface SecretPaths {
  CompletionStage<Set<LwM2mPath>> of(EndpointName endpointName);
}
