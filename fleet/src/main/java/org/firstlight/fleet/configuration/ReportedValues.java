package org.firstlight.fleet.configuration;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;

/** The last value of each resource of a device, by path. */
public interface ReportedValues {
  /** What became of values that were to be stored. */
  enum Kept {
    STORED,
    /** Nothing is stored: a record that the caller went by has another version now. */
    RECORDS_CHANGED,
    /** Nothing is stored: what a device tells after its registration ended is nobody's to see. */
    NOT_REGISTERED
  }

  /**
   * Completes when the values are stored, and the event with them. Of a device that tells of
   * thousands of paths only the first ones are kept.
   *
   * @param asked when the device was asked for them, or when it told if nobody asked: a value that
   *     came after that, while the answer was on its way, stays
   * @param still records of the device that the caller went by
   */
  CompletionStage<Kept> store(
      EndpointName endpointName,
      Map<String, ReportedValue> values,
      Instant asked,
      FleetEvent event,
      List<Change.Edit.Keep<?>> still);

  CompletionStage<Map<String, ReportedValue>> find(EndpointName endpointName);

  /** Completes when none is stored any more. */
  CompletionStage<Void> forget(EndpointName endpointName);
}
