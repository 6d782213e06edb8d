package org.firstlight.benchmarks.state;

import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.firstlight.benchmarks.load.Order;
import org.firstlight.benchmarks.load.Order.Kind;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Keys;

/** Measures one running server once: the same steps, in the same order, for every subject. */
final class Round {
  static final int SOCKETS = 512;
  private static final int LISTS = 5;
  private static final long WARM_UP_LISTS_NANOS = 5_000_000_000L;
  private static final double PER = 10_000;
  private static final long EXPIRY_PATIENCE_MS = 60_000;
  private static final long EXPIRY_CHECK_MS = 20;

  private final Meter meter;

  Round(Meter meter) {
    this.meter = meter;
  }

  /**
   * @param rate as {@link Meter#updates}
   * @param emptyRedis used memory before anything was stored
   */
  void run(int devices, double rate, long emptyRedis) {
    long emptyHeap = process().liveHeap();
    meter
        .load()
        .carryOut(
            Order.connect(meter.candidate().server().port(), SOCKETS, devices, Optional.empty()));
    put(
        Measure.FIRST_REGISTERS_PER_SECOND,
        meter
            .checked(Order.times(Kind.REGISTER, meter.scope().concurrency(), devices))
            .perSecond());
    meter.load().carryOut(Order.settle());
    meter.updates(rate);
    meter.registers(devices);
    if (meter.subject() == Subject.ECHO) {
      return;
    }
    meter.heap(emptyHeap, devices);
    if (meter.subject().isOnRedis()) {
      long used = meter.redis().usedMemory();
      long events = meter.subject() == Subject.OURS ? meter.redis().memoryOf(events()) : 0;
      put(Measure.REDIS_BYTES, (used - emptyRedis - events) / (double) devices);
      if (meter.subject() == Subject.OURS) {
        put(Measure.REDIS_EVENT_MEGABYTES, events / 1e6);
      }
    }
    put(Measure.LIST_RARE_MS, middle(meter.candidate()::listMs, meter.scope().warmUpLists()));
    if (meter.candidate() instanceof Ours ours) {
      put(Measure.LIST_PAGE_MS, middle(ours::firstPageMs, meter.scope().warmUpLists()));
    }
    observe(Math.min(meter.scope().observed(), devices));
    // as it comes, the peer takes 500 a minute: that needs no measurement
    if (meter.subject() != Subject.STOCK) {
      expire(Math.min(meter.scope().expiring(), devices));
    }
  }

  /** Bounded, whatever the size of the fleet: no device's. */
  static Stream<byte[]> events() {
    return IntStream.range(0, Shard.COUNT)
        .boxed()
        .flatMap(shard -> Stream.of(Keys.events(shard), Keys.reports(shard)));
  }

  /** The median of a few, after some that do not count: the JVM compiles what is called often. */
  static double middle(DoubleSupplier measured, int warmUps) {
    long end = System.nanoTime() + WARM_UP_LISTS_NANOS;
    for (int i = 0; i < warmUps && System.nanoTime() < end; i++) {
      measured.getAsDouble();
    }
    return IntStream.range(0, LISTS)
        .mapToDouble(turn -> measured.getAsDouble())
        .sorted()
        .toArray()[LISTS / 2];
  }

  private void observe(int count) {
    long begun = System.nanoTime();
    meter.candidate().observe(count);
    put(Measure.OBSERVES_PER_SECOND, count / ((System.nanoTime() - begun) / 1e9));
    if (meter.load().carryOut(Order.settle()).observed() == 0) {
      throw new IllegalStateException(meter.subject().word() + " observes nothing");
    }
    Meter.Cost notify = warmed(Kind.NOTIFY);
    put(Measure.NOTIFIES_PER_SECOND, notify.result().perSecond());
    put(Measure.NOTIFY_CPU, notify.cpu());
    put(Measure.SENDS_PER_SECOND, warmed(Kind.SEND).result().perSecond());
  }

  private Meter.Cost warmed(Kind kind) {
    Scope scope = meter.scope();
    meter.load().carryOut(Order.closed(kind, scope.concurrency(), scope.intakeWarmUpSeconds()));
    return meter.cost(Order.closed(kind, scope.concurrency(), scope.longSeconds()));
  }

  private void expire(int count) {
    long before = meter.candidate().expired();
    long due = System.nanoTime() + meter.scope().leadSeconds() * 1_000_000_000L;
    meter.checked(
        Order.times(Kind.REGISTER, meter.scope().concurrency(), count)
            .endingAfter(meter.scope().leadSeconds()));
    Meter.pause(Math.max(0, (due - System.nanoTime()) / 1_000_000));
    double server = process().cpuSeconds();
    double store = meter.redis().cpuSeconds();
    long end = System.currentTimeMillis() + EXPIRY_PATIENCE_MS;
    while (meter.candidate().expired() - before < count) {
      if (System.currentTimeMillis() > end) {
        throw new IllegalStateException(
            meter.subject().word() + " does not end registrations in time");
      }
      Meter.pause(EXPIRY_CHECK_MS);
    }
    put(Measure.EXPIRY_SECONDS, (System.nanoTime() - due) / 1e9);
    double cpu = process().cpuSeconds() - server + meter.redis().cpuSeconds() - store;
    put(Measure.EXPIRY_CPU, cpu * PER / count);
  }

  private JavaProcess process() {
    return meter.candidate().server().process();
  }

  private void put(Measure measure, double value) {
    meter.figures().put(measure, value);
  }
}
