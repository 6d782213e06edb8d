package org.firstlight.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.firstlight.cli.ApiClient;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;

/** Waits until every device has ended its journey, and tells how. */
final class Ending {
  private static final long LOOK_EVERY_MS = 200;

  private final ApiClient api;
  private final Shipment shipment;

  Ending(ApiClient api, Shipment shipment) {
    this.api = api;
    this.shipment = shipment;
  }

  /** The report when all are configured with a verified receipt, or when patience is over. */
  Report await(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    Report report = look();
    while (!report.ok() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
      report = look();
    }
    return report;
  }

  private Report look() {
    List<Report.DeviceReport> devices = new ArrayList<>();
    boolean ok = true;
    for (ShippedDevice shipped : shipment.devices()) {
      String path = "/devices/" + ApiClient.segment(shipped.endpointName().value());
      JsonNode device = api.get(path);
      String state = device.path("state").asText();
      devices.add(Report.device(shipped.endpointName().value(), state, api.get(path + "/journey")));
      ok &= state.equals("CONFIGURED") && installed(device);
    }
    return new Report(ok, devices);
  }

  private static boolean installed(JsonNode device) {
    String state = device.path("subscription").path("state").asText();
    return state.equals("INSTALLED") || state.equals("ENABLED");
  }
}
