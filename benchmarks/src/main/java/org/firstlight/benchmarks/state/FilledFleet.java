package org.firstlight.benchmarks.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.firstlight.benchmarks.load.Order;
import org.firstlight.benchmarks.load.Order.Kind;
import org.firstlight.benchmarks.process.LoadProcess;
import org.firstlight.benchmarks.process.RedisProcess;

/**
 * Our server on a fleet that is registered already, written through the stores: its start, what one
 * operation costs, lists, and what a device takes in Redis and heap.
 */
final class FilledFleet {
  private final Path folder;
  private final StateBench.Setting setting;
  private final Map<Measure, Double> figures;

  FilledFleet(Path folder, StateBench.Setting setting, Map<Measure, Double> figures) {
    this.folder = folder;
    this.setting = setting;
    this.figures = figures;
  }

  void measure(int devices) throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder.resolve("redis"));
        LoadProcess load = LoadProcess.start(folder)) {
      Path ids = folder.resolve("registration-ids");
      Inventory inventory = fill(redis, devices, ids);
      long begun = System.nanoTime();
      try (Ours ours = Ours.start(folder, redis, inventory, load, setting.options())) {
        double ready = secondsSince(begun);
        Meter meter = new Meter(Subject.OURS, ours, redis, load, setting.scope(), figures);
        load.carryOut(
            Order.connect(ours.server().port(), Round.SOCKETS, devices, Optional.of(ids)));
        long asked = System.nanoTime();
        meter.checked(Order.times(Kind.UPDATE, 1, 1));
        // what the load does in between, to be a million devices, is not the server's
        figures.put(Measure.START_SECONDS, ready + secondsSince(asked));
        measure(meter, ours, devices);
      }
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private void measure(Meter meter, Ours ours, int devices) {
    Scope scope = setting.scope();
    long emptyHeap = ours.server().process().liveHeap();
    figures.put(Measure.LIST_RARE_MS, Round.middle(ours::listMs, scope.warmUpLists()));
    figures.put(Measure.LIST_PAGE_MS, Round.middle(ours::firstPageMs, scope.warmUpLists()));
    figures.put(Measure.LIST_DEEP_PAGE_MS, ours.deepPageMs(scope.warmUpLists()));
    // every device is heard of, so that the node's memory holds all of them
    figures.put(
        Measure.HEARD_AGAIN_PER_SECOND,
        meter.checked(Order.times(Kind.UPDATE, scope.concurrency(), devices)).perSecond());
    meter.updates(0);
    int registering = Math.min(scope.expiring(), devices);
    meter.checked(Order.times(Kind.REGISTER, scope.concurrency(), registering));
    meter.load().carryOut(Order.settle());
    meter.registers(registering);
    meter.heap(emptyHeap, devices);
  }

  private Inventory fill(RedisProcess redis, int devices, Path ids) throws IOException {
    Inventory inventory = new Inventory(redis);
    long empty = redis.usedMemory();
    inventory.putRegisteredDevices(devices);
    long records = redis.usedMemory();
    inventory.putRegistrations(devices, ids);
    long all = redis.usedMemory();
    figures.put(Measure.REDIS_BYTES_OF_REGISTRATION, (all - records) / (double) devices);
    long events = redis.memoryOf(Round.events());
    figures.put(Measure.REDIS_BYTES, (all - empty - events) / (double) devices);
    return inventory;
  }
}
