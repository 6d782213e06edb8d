package org.firstlight.dm.configuration;

import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;

/** Applies stored configurations to devices. */
public interface Configurations {
  /**
   * Call when a document was saved or deleted: compares and writes again on each registered device
   * that it selects or was applied to. Completes when the work is handed out, not when it is done;
   * a device that cannot be reached gets it at its next contact.
   */
  CompletionStage<Void> changed(String configurationId);

  /** Compares and writes now. Completes when the drift report is stored. */
  CompletionStage<Void> apply(EndpointName endpointName);
}
