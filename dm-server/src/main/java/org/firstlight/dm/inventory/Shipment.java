package org.firstlight.dm.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.http.Json;

/**
 * Imports one shipment list. A line that is refused stops nothing, and the same list again changes
 * nothing. Lines are stored side by side, some hundred at a time.
 */
public final class Shipment {
  private static final Lines LINES = new Lines(4 * 1024, 500_000, 100L * 1024 * 1024);
  private static final int SIDE_BY_SIDE = 256;

  private final FleetState records;
  private final ShippedDevices devices;
  private final Clock clock;
  private final Principal by;
  private final ImportReport report = new ImportReport();
  private final Map<String, Optional<Manufacturer>> manufacturers = new HashMap<>();
  private final List<CompletableFuture<?>> running = new ArrayList<>();
  private final Set<String> underWay = new HashSet<>();

  public Shipment(FleetState records, Clock clock, Principal by) {
    this.records = records;
    this.devices = new ShippedDevices(records, clock);
    this.clock = clock;
    this.by = by;
  }

  /** Imports a list of one device a line. */
  public ImportReport read(InputStream ndjson) throws IOException {
    LINES.read(ndjson, report, (line, json) -> take(line, Json.read(json, DeviceLine.class)));
    finish();
    return report;
  }

  public ImportReport read(List<DeviceLine> items) {
    for (int i = 0; i < items.size(); i++) {
      take(i + 1, Outcome.done(items.get(i)));
    }
    finish();
    return report;
  }

  private void take(int line, Outcome<DeviceLine> item) {
    item.then(read -> read.device(clock.instant()))
        .then(this::vouchedFor)
        .map(device -> begin(line, device))
        .refusal()
        .map(Failure::reason)
        .ifPresent(reason -> report.refuse(line, reason));
    if (running.size() >= SIDE_BY_SIDE) {
      finish();
    }
  }

  private boolean begin(int line, Device device) {
    List<String> keys = ShippedDevices.keys(device);
    if (keys.stream().anyMatch(underWay::contains)) {
      finish();
    }
    underWay.addAll(keys);
    return running.add(store(line, device));
  }

  private void finish() {
    underWay.clear();
    BlockingState.await(CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)));
    running.clear();
  }

  private Outcome<Device> vouchedFor(Device device) {
    String maker = device.manufacturer();
    boolean own = maker.equals(by.tenant());
    if (by.kind() == Tenant.Kind.MANUFACTURER && !own) {
      return refused("manufacturer: these are not your devices");
    }
    Optional<Manufacturer> known =
        manufacturers.computeIfAbsent(
            maker,
            id -> BlockingState.await(records.find(Kinds.MANUFACTURER, id, id)).map(Stored::value));
    if (known.isEmpty()) {
      return refused("manufacturer: is not known");
    }
    if (own && !known.get().shipmentSigners().isEmpty()) {
      return refused("manufacturer: its lists are signed: send this one to /shipments");
    }
    return ShippedDevices.vouchedFor(device, known.get());
  }

  private static Outcome<Device> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }

  private CompletableFuture<?> store(int line, Device device) {
    return devices
        .store(device)
        .thenAccept(
            stored ->
                stored
                    .refusal()
                    .ifPresentOrElse(reason -> report.refuse(line, reason), report::accept))
        .toCompletableFuture();
  }
}
