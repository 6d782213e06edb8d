package org.firstlight.benchmarks.state;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.firstlight.benchmarks.load.Order;
import org.firstlight.benchmarks.load.Order.Kind;
import org.firstlight.benchmarks.load.Result;
import org.firstlight.benchmarks.process.LoadProcess;
import org.firstlight.benchmarks.process.RedisProcess;

/** Measures one running server once: the same steps, in the same order, for every subject. */
final class Round {
  private static final int SOCKETS = 512;
  private static final int FILLING_AT_ONCE = 128;
  private static final int LISTS = 5;
  private static final double PER = 10_000;
  private static final double EXPIRY_LEAD_SECONDS = 12;
  private static final long EXPIRY_PATIENCE_MS = 60_000;

  private final Subject subject;
  private final Candidate candidate;
  private final RedisProcess redis;
  private final LoadProcess load;
  private final Scope scope;
  private final Map<Measure, Double> figures = new EnumMap<>(Measure.class);

  Round(Subject subject, Candidate candidate, RedisProcess redis, LoadProcess load, Scope scope) {
    this.subject = subject;
    this.candidate = candidate;
    this.redis = redis;
    this.load = load;
    this.scope = scope;
  }

  /** What one order cost. */
  private record Cost(Result result, double serverCpu, double redisCpu, double roundTrips) {
    double cpu() {
      return serverCpu + redisCpu;
    }
  }

  /**
   * @param rate Updates a second for the latency under light load; 0 for a tenth of what this
   *     subject takes
   * @param emptyRedis used memory before anything was stored
   */
  Map<Measure, Double> run(int devices, double rate, long emptyRedis) {
    long emptyHeap = candidate.server().process().liveHeap();
    load.carryOut(Order.connect(candidate.server().port(), SOCKETS, devices, Optional.empty()));
    Cost first = cost(Order.times(Kind.REGISTER, FILLING_AT_ONCE, devices));
    figures.put(Measure.FIRST_REGISTERS_PER_SECOND, first.result().perSecond());
    load.carryOut(Order.settle());
    update(rate);
    register();
    if (subject != Subject.ECHO) {
      figures.put(
          Measure.HEAP_BYTES_WITH_EXCHANGES,
          (candidate.server().process().liveHeap() - emptyHeap) / (double) devices);
      if (subject.isOnRedis()) {
        figures.put(Measure.REDIS_BYTES, (redis.usedMemory() - emptyRedis) / (double) devices);
      }
      list();
      observe(devices);
      if (subject != Subject.STOCK) {
        expire(scope.expiring(devices));
      }
    }
    return figures;
  }

  private void update(double rate) {
    load.carryOut(Order.closed(Kind.UPDATE, scope.concurrency(), scope.warmUpSeconds()));
    Cost full = cost(Order.closed(Kind.UPDATE, scope.concurrency(), scope.seconds()));
    figures.put(Measure.UPDATES_PER_SECOND, full.result().perSecond());
    figures.put(Measure.UPDATE_P50_MS, full.result().p50Ms());
    figures.put(Measure.UPDATE_P99_MS, full.result().p99Ms());
    figures.put(Measure.UPDATE_SERVER_CPU, full.serverCpu());
    figures.put(Measure.UPDATE_REDIS_CPU, full.redisCpu());
    figures.put(Measure.UPDATE_CPU, full.cpu());
    double perSecond = rate > 0 ? rate : full.result().perSecond() / 10;
    Result light = checked(Order.open(Kind.UPDATE, perSecond, scope.seconds()));
    figures.put(Measure.UPDATE_P99_MS_AT_A_TENTH, light.p99Ms());
    if (subject.isOnRedis()) {
      figures.put(Measure.UPDATE_SHARED_ROUND_TRIPS, full.roundTrips());
      figures.put(
          Measure.UPDATE_ROUND_TRIPS,
          cost(Order.times(Kind.UPDATE, 1, scope.oneByOne())).roundTrips());
    }
  }

  private void register() {
    load.carryOut(Order.closed(Kind.REGISTER, scope.concurrency(), scope.warmUpSeconds()));
    Cost full = cost(Order.closed(Kind.REGISTER, scope.concurrency(), scope.seconds()));
    figures.put(Measure.REGISTERS_PER_SECOND, full.result().perSecond());
    figures.put(Measure.REGISTER_P50_MS, full.result().p50Ms());
    figures.put(Measure.REGISTER_P99_MS, full.result().p99Ms());
    figures.put(Measure.REGISTER_SERVER_CPU, full.serverCpu());
    figures.put(Measure.REGISTER_REDIS_CPU, full.redisCpu());
    load.carryOut(Order.settle());
    if (subject.isOnRedis()) {
      figures.put(
          Measure.REGISTER_ROUND_TRIPS,
          cost(Order.times(Kind.REGISTER, 1, scope.oneByOne())).roundTrips());
    }
  }

  private void list() {
    candidate.listMs();
    figures.put(
        Measure.LIST_RARE_MS,
        IntStream.range(0, LISTS)
            .mapToDouble(i -> candidate.listMs())
            .sorted()
            .toArray()[LISTS / 2]);
    if (candidate instanceof Ours ours) {
      figures.put(Measure.LIST_PAGE_MS, ours.firstPageMs());
    }
  }

  private void observe(int devices) {
    int count = scope.observed(devices);
    long begun = System.nanoTime();
    candidate.observe(count);
    figures.put(Measure.OBSERVES_PER_SECOND, count / ((System.nanoTime() - begun) / 1e9));
    if (load.carryOut(Order.settle()).observed() == 0) {
      throw new IllegalStateException(subject.word() + " observes nothing");
    }
    load.carryOut(Order.closed(Kind.NOTIFY, scope.concurrency(), scope.warmUpSeconds()));
    Cost notify = cost(Order.closed(Kind.NOTIFY, scope.concurrency(), scope.seconds()));
    figures.put(Measure.NOTIFIES_PER_SECOND, notify.result().perSecond());
    figures.put(Measure.NOTIFY_CPU, notify.cpu());
    load.carryOut(Order.closed(Kind.SEND, scope.concurrency(), scope.warmUpSeconds()));
    figures.put(
        Measure.SENDS_PER_SECOND,
        checked(Order.closed(Kind.SEND, scope.concurrency(), scope.seconds())).perSecond());
  }

  private void expire(int count) {
    long before = candidate.expired();
    long due = System.nanoTime() + (long) (EXPIRY_LEAD_SECONDS * 1e9);
    checked(
        Order.times(Kind.REGISTER, scope.concurrency(), count).endingAfter(EXPIRY_LEAD_SECONDS));
    pause(Math.max(0, (due - System.nanoTime()) / 1_000_000));
    double server = candidate.server().process().cpuSeconds();
    double store = redis.cpuSeconds();
    long end = System.currentTimeMillis() + EXPIRY_PATIENCE_MS;
    while (candidate.expired() - before < count) {
      if (System.currentTimeMillis() > end) {
        throw new IllegalStateException(subject.word() + " does not end registrations in time");
      }
      pause(20);
    }
    figures.put(Measure.EXPIRY_SECONDS, (System.nanoTime() - due) / 1e9);
    figures.put(
        Measure.EXPIRY_CPU,
        (candidate.server().process().cpuSeconds() - server + redis.cpuSeconds() - store)
            * PER
            / count);
  }

  private Cost cost(Order order) {
    double server = candidate.server().process().cpuSeconds();
    double store = redis.cpuSeconds();
    long reads = redis.reads();
    Result result = checked(order);
    double done = result.done();
    // asking for the count is a read of its own
    return new Cost(
        result,
        (candidate.server().process().cpuSeconds() - server) * PER / done,
        (redis.cpuSeconds() - store) * PER / done,
        (redis.reads() - reads - 1) / done);
  }

  /** A figure of a run that did not work is none. */
  private Result checked(Order order) {
    Result result = load.carryOut(order);
    long failed = result.failures().values().stream().mapToLong(Long::longValue).sum();
    if (result.done() == 0 || failed > result.done() / 100) {
      throw new IllegalStateException(
          "%s: %s: %d done, failures %s"
              .formatted(subject.word(), order.kind(), result.done(), result.failures()));
    }
    return result;
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
