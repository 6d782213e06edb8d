package org.firstlight.dm.operation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.objects.path.LwM2mPath;

/** Where a device holds secrets that were written to it: what it answers there is never shown. */
public interface SecretPaths {
  /**
   * Of one device.
   *
   * @param owner the tenant whose it is, by the record that the paths were read with
   * @param still the records that say so: it holds while they have these versions
   */
  record Of(Optional<String> owner, Set<LwM2mPath> paths, List<Change.Edit.Keep<?>> still) {}

  /** Perhaps from memory: who acts on it must see to it that it still holds. */
  CompletionStage<Of> of(EndpointName endpointName);

  /** From state. */
  CompletionStage<Of> read(EndpointName endpointName);
}
