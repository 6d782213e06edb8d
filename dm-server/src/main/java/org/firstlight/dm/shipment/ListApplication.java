package org.firstlight.dm.shipment;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.dm.inventory.DeviceLine;
import org.firstlight.dm.inventory.ShipmentSigners;
import org.firstlight.dm.inventory.ShippedDevices;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.shipment.ShipmentList.Progress;
import org.firstlight.fleet.shipment.ShipmentList.State;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.http.Json;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.DetachedSignature;

/**
 * Verifies a list that is here, and applies it. After each batch of lines the report is on the disk
 * and the place is in Redis, in this order: whoever goes on writes the report again from there, and
 * lines that were applied behind it change nothing when they are applied once more.
 */
final class ListApplication {
  private static final int BATCH = 2000;

  /** Lines under way: devices and people wait behind them for state. */
  private static final int SIDE_BY_SIDE = 256;

  private static final int MOST_LINES = 5_000_000;

  private final FleetState records;
  private final ListRecords lists;
  private final Spool spool;
  private final ShippedDevices devices;
  private final Clock clock;

  ListApplication(FleetState records, ListRecords lists, Spool spool, Clock clock) {
    this.records = records;
    this.lists = lists;
    this.spool = spool;
    this.devices = new ShippedDevices(records, clock);
    this.clock = clock;
  }

  /**
   * Takes the list to its end.
   *
   * @throws org.firstlight.fleet.failure.DependencyUnavailableException if state is away: then it
   *     is called again
   * @throws ListGoneException if somebody has deleted it meanwhile
   */
  void run(Stored<ShipmentList> stored) {
    Stored<ShipmentList> list = stored;
    try {
      Optional<Manufacturer> maker = maker(list.value());
      Optional<String> fault = standing(list.value(), maker);
      if (fault.isEmpty() && list.value().state() == State.VERIFYING) {
        fault = fault(list.value(), maker.orElseThrow());
      }
      if (fault.isPresent()) {
        State how = list.value().state() == State.VERIFYING ? State.REFUSED : State.FAILED;
        lists.end(list, how, fault);
        spool.removeContent(list.value());
      } else {
        apply(list);
      }
    } catch (IOException lost) {
      lists.end(
          lists.again(list), State.FAILED, Optional.of("its files cannot be read or written"));
    }
  }

  private Optional<Manufacturer> maker(ShipmentList list) {
    String id = list.manufacturer();
    return BlockingState.await(records.find(Kinds.MANUFACTURER, id, id)).map(Stored::value);
  }

  private static Optional<String> standing(ShipmentList list, Optional<Manufacturer> maker) {
    if (maker.isEmpty()) {
      return Optional.of("manufacturer: is not known");
    }
    if (list.signer().isPresent()
        && ShipmentSigners.of(maker.get()).stream()
            .map(Certificates::sha256)
            .noneMatch(list.signer().get()::equals)) {
      return Optional.of("signature: its signer is no longer this manufacturer's");
    }
    return maker.get().state() == Manufacturer.State.ACTIVE
        ? Optional.empty()
        : Optional.of(
            "manufacturer: '%s' is %s".formatted(list.manufacturer(), maker.get().state().word()));
  }

  private Optional<String> fault(ShipmentList list, Manufacturer maker) throws IOException {
    if (!spool.sha256(list).equals(list.sha256())) {
      return Optional.of("its bytes do not have the SHA-256 that was announced");
    }
    return list.signature()
        .flatMap(
            der ->
                DetachedSignature.fault(
                    der, spool.file(list), ShipmentSigners.of(maker), clock.instant()))
        .map(why -> "signature: " + why);
  }

  private void apply(Stored<ShipmentList> begun) throws IOException {
    Stored<ShipmentList> list = begun;
    try (ListLines lines = ListLines.open(spool.file(list.value()), list.value().progress())) {
      boolean last = false;
      while (!last) {
        // read anew each time: a manufacturer that is suspended ends it
        Optional<Manufacturer> maker = maker(list.value());
        Optional<String> fault = standing(list.value(), maker);
        ListLines.Batch batch = lines.next(BATCH);
        if (batch.read() > MOST_LINES) {
          fault = Optional.of("it has more than %d lines".formatted(MOST_LINES));
        }
        if (fault.isPresent()) {
          lists.end(list, State.FAILED, fault);
          spool.removeContent(list.value());
          return;
        }
        Progress reached = apply(list.value(), batch, maker.orElseThrow());
        list = lists.reached(list, reached);
        last = batch.last();
      }
    }
    lists.end(list, State.DONE, Optional.empty());
    spool.removeContent(list.value());
  }

  private Progress apply(ShipmentList list, ListLines.Batch batch, Manufacturer maker)
      throws IOException {
    Map<Integer, String> refused = new ConcurrentSkipListMap<>();
    AtomicInteger accepted = new AtomicInteger();
    AtomicInteger unchanged = new AtomicInteger();
    List<CompletableFuture<?>> running = new ArrayList<>();
    Set<String> underWay = new HashSet<>();
    for (ListLines.Line line : batch.lines()) {
      Outcome<Device> read = read(line, maker);
      read.refusal().map(Failure::reason).ifPresent(why -> refused.put(line.number(), why));
      if (read.result().isEmpty()) {
        continue;
      }
      Device device = read.result().get();
      List<String> keys = ShippedDevices.keys(device);
      if (running.size() >= SIDE_BY_SIDE || keys.stream().anyMatch(underWay::contains)) {
        finish(running);
        underWay.clear();
      }
      underWay.addAll(keys);
      running.add(
          devices
              .store(device)
              .thenAccept(
                  result -> {
                    result.refusal().ifPresent(why -> refused.put(line.number(), why));
                    if (result.refusal().isEmpty()) {
                      (result.isNew() ? accepted : unchanged).incrementAndGet();
                    }
                  })
              .toCompletableFuture());
    }
    finish(running);
    Progress before = list.progress();
    return new Progress(
        batch.position(),
        batch.read(),
        before.accepted() + accepted.get(),
        before.unchanged() + unchanged.get(),
        before.refused() + refused.size(),
        spool.report(list, written(new TreeMap<>(refused))));
  }

  private static void finish(List<CompletableFuture<?>> running) {
    BlockingState.await(CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)));
    running.clear();
  }

  private Outcome<Device> read(ListLines.Line line, Manufacturer maker) {
    if (line.tooLong()) {
      return refused("the line has more than %d bytes".formatted(ListLines.LONGEST));
    }
    return Json.read(line.text(), DeviceLine.class)
        .then(read -> read.device(clock.instant()))
        .then(
            device ->
                device.manufacturer().equals(maker.id())
                    ? ShippedDevices.vouchedFor(device, maker)
                    : refused("manufacturer: is not the one whose list this is"));
  }

  private static Outcome<Device> refused(String why) {
    return Outcome.refused(FailureCode.MALFORMED, why);
  }

  private record Refusal(int line, String reason) {}

  private static List<String> written(TreeMap<Integer, String> refused) {
    return refused.entrySet().stream()
        .map(entry -> Json.write(new Refusal(entry.getKey(), entry.getValue())))
        .toList();
  }
}
