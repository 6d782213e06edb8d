package org.firstlight.fleet.configuration;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;

/** The last value of each resource of a device, by path. */
public interface ReportedValues {
  /**
   * Completes when the values are stored, and the event with them. Of a device that tells of
   * thousands of paths only the first ones are kept.
   *
   * @param asked when the device was asked for them, or when it told if nobody asked: a value that
   *     came after that, while the answer was on its way, stays
   */
  CompletionStage<Void> store(
      EndpointName endpointName,
      Map<String, ReportedValue> values,
      Instant asked,
      FleetEvent event);

  CompletionStage<Map<String, ReportedValue>> find(EndpointName endpointName);

  /** Completes when none is stored any more. */
  CompletionStage<Void> forget(EndpointName endpointName);
}
