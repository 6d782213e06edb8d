package org.firstlight.fleet.configuration;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;

/** The last value of each resource of a device, by path. */
public interface ReportedValues {
  /**
   * Completes when the values are stored. Of a device that tells of thousands of paths only the
   * first ones are kept.
   */
  CompletionStage<Void> store(EndpointName endpointName, Map<String, ReportedValue> values);

  CompletionStage<Map<String, ReportedValue>> find(EndpointName endpointName);

  /** Completes when none is stored any more. */
  CompletionStage<Void> forget(EndpointName endpointName);
}
