package org.firstlight.dm.inventory;

import java.util.Map;
import java.util.TreeSet;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.tenant.Tenant;

/** The {@code sort} of the device list: a field, with a minus in front from last to first. */
public record DeviceSort(String order, boolean descending) {
  private static final Map<String, String> ORDERS =
      Map.of(
          "endpointName", DeviceIndex.BY_NAME,
          "serialNumber", DeviceIndex.BY_SERIAL,
          "stateSince", DeviceIndex.BY_STATE_SINCE);

  /**
   * @param by who asks: a manufacturer is told nothing of states, not by their order either
   */
  public static Outcome<DeviceSort> parse(String text, Principal by) {
    boolean descending = text.startsWith("-");
    String field = descending ? text.substring(1) : text;
    if (!ORDERS.containsKey(field)) {
      return Outcome.refused(
          FailureCode.MALFORMED,
          "sort: is one of %s, or one with - in front from last to first"
              .formatted(new TreeSet<>(ORDERS.keySet())));
    }
    if (by.kind() == Tenant.Kind.MANUFACTURER && field.equals("stateSince")) {
      return Outcome.refused(
          FailureCode.FORBIDDEN, "sort: stateSince is not shown to a manufacturer");
    }
    return Outcome.done(new DeviceSort(ORDERS.get(field), descending));
  }
}
