package org.firstlight.dm.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kind;
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
  private final Clock clock;
  private final Principal by;
  private final ImportReport report = new ImportReport();
  private final Map<String, Optional<Manufacturer>> manufacturers = new HashMap<>();
  private final List<CompletableFuture<?>> running = new ArrayList<>();

  public Shipment(FleetState records, Clock clock, Principal by) {
    this.records = records;
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
        .map(device -> running.add(store(line, device).toCompletableFuture()))
        .refusal()
        .map(Failure::reason)
        .ifPresent(reason -> report.refuse(line, reason));
    if (running.size() >= SIDE_BY_SIDE) {
      finish();
    }
  }

  private void finish() {
    BlockingState.await(CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)));
    running.clear();
  }

  /** That this manufacturer may have a device of this name and id. */
  private Outcome<Device> vouchedFor(Device device) {
    String maker = device.manufacturer();
    if (by.kind() == Tenant.Kind.MANUFACTURER && !maker.equals(by.tenant())) {
      return refused("manufacturer: these are not your devices");
    }
    Optional<Manufacturer> known =
        manufacturers.computeIfAbsent(
            maker,
            id -> BlockingState.await(records.find(Kinds.MANUFACTURER, id, id)).map(Stored::value));
    if (known.isEmpty()) {
      return refused("manufacturer: is not known");
    }
    boolean itsName =
        known
            .get()
            .endpointNameOf(device.factoryId())
            .filter(device.endpointName().value()::equals)
            .isPresent();
    return itsName
        ? Outcome.done(device)
        : refused("endpointName: is not the one that its manufacturer's rule gives this factoryId");
  }

  private static Outcome<Device> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }

  private CompletionStage<Void> store(int line, Device device) {
    String home = device.endpointName().value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedStage(difference(found.get().value(), device))
                    : create(device))
        .thenAccept(
            fault -> fault.ifPresentOrElse(reason -> report.refuse(line, reason), report::accept));
  }

  /** Why a device that is there already is not the one of this line; empty if it is. */
  private static Optional<String> difference(Device there, Device line) {
    boolean same =
        there.manufacturer().equals(line.manufacturer())
            && there.factoryId().equals(line.factoryId())
            && there.model().equals(line.model())
            && there.serialNumber().equals(line.serialNumber())
            && there.eid().equals(line.eid())
            && (line.factoryKeySha256().isEmpty()
                || there.factoryKeySha256().equals(line.factoryKeySha256()));
    if (!same) {
      return Optional.of("is there already, and differs");
    }
    boolean otherCode =
        there.claimCodeSha256().isPresent()
            && line.claimCodeSha256().isPresent()
            && !there.claimCodeSha256().equals(line.claimCodeSha256());
    return otherCode ? Optional.of("is there already, with another claim code") : Optional.empty();
  }

  /** The hints first: one that leads to no such device harms nobody. */
  private CompletionStage<Optional<String>> create(Device device) {
    EndpointName name = device.endpointName();
    return point(
            Kinds.BY_EID,
            device.eid().map(Object::toString),
            name,
            there -> there.eid().equals(device.eid()),
            "eid: is another device's")
        .thenCompose(
            fault ->
                fault.isPresent()
                    ? CompletableFuture.completedStage(fault)
                    : point(
                        Kinds.BY_CLAIM_CODE,
                        device.claimCodeSha256(),
                        name,
                        there -> there.claimCodeSha256().equals(device.claimCodeSha256()),
                        "claim code: is another device's"))
        .thenCompose(
            fault -> fault.isPresent() ? CompletableFuture.completedStage(fault) : expect(device));
  }

  private CompletionStage<Optional<String>> point(
      Kind<Hint> kind,
      Optional<String> from,
      EndpointName to,
      Predicate<Device> stillThere,
      String taken) {
    if (from.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    String id = from.get();
    Change set = Change.in(id).put(kind, id, Change.ANY_VERSION, new Hint(to)).build();
    return records
        .find(kind, id, id)
        .thenCompose(
            hint ->
                hint.isEmpty() || hint.get().value().endpointName().equals(to)
                    ? CompletableFuture.completedStage(false)
                    : holds(hint.get().value().endpointName(), stillThere))
        .thenCompose(
            another ->
                another
                    ? CompletableFuture.completedStage(Optional.of(taken))
                    : records.commit(set).thenApply(done -> Optional.empty()));
  }

  private CompletionStage<Boolean> holds(EndpointName other, Predicate<Device> stillThere) {
    return records
        .find(Kinds.DEVICE, other.value(), other.value())
        .thenApply(found -> found.map(Stored::value).filter(stillThere).isPresent());
  }

  private CompletionStage<Optional<String>> expect(Device device) {
    String home = device.endpointName().value();
    return records
        .commit(
            Change.in(home)
                .put(Kinds.DEVICE, home, 0, device)
                .event(
                    FleetEvent.of(
                        clock.instant(),
                        "device.imported",
                        device.endpointName(),
                        Map.of("manufacturer", device.manufacturer(), "model", device.model())))
                .build())
        .thenApply(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? Optional.empty()
                    : Optional.of("stands twice in what was imported at the same moment"));
  }
}
