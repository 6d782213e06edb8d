package org.firstlight.dm.operation;

import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.EndpointName;

/** The one way to a registered device. */
public interface Operations {
  /**
   * Asks the device, after whatever it was asked before. The access policy is asked again here,
   * whoever calls.
   *
   * @param account short server id of the registration to use
   * @return completes with the result, from any thread; exceptionally only if state is away
   */
  CompletionStage<OperationResult> perform(
      EndpointName endpointName, int account, Principal by, Operation operation);
}
