package org.firstlight.dm.operation;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.objects.path.LwM2mPath;

/** Where a device holds secrets that were written to it: what it answers there is never shown. */
public interface SecretPaths {
  /**
   * Of one device.
   *
   * @param owner the tenant whose it is, by the record that the paths were read with
   */
  record Of(Optional<String> owner, Set<LwM2mPath> paths) {}

  CompletionStage<Of> of(EndpointName endpointName);
}
