package org.firstlight.benchmarks.state;

import java.util.Map;
import org.firstlight.benchmarks.load.Order;
import org.firstlight.benchmarks.load.Order.Kind;
import org.firstlight.benchmarks.load.Result;
import org.firstlight.benchmarks.process.LoadProcess;
import org.firstlight.benchmarks.process.RedisProcess;

/** Has the load carry out orders, and takes what they cost the server and Redis. */
record Meter(
    Subject subject,
    Candidate candidate,
    RedisProcess redis,
    LoadProcess load,
    Scope scope,
    Map<Measure, Double> figures) {
  private static final double PER = 10_000;
  private static final double MOST_FAILURES = 0.01;

  /**
   * What one order cost.
   *
   * @param serverCpu seconds for 10,000
   * @param redisCpu seconds for 10,000
   * @param roundTrips for one
   */
  record Cost(Result result, double serverCpu, double redisCpu, double roundTrips) {
    double cpu() {
      return serverCpu + redisCpu;
    }
  }

  /**
   * @param rate Updates a second for the latency under light load; 0 for a tenth of what it takes
   */
  void updates(double rate) {
    load.carryOut(Order.closed(Kind.UPDATE, scope.concurrency(), scope.warmUpSeconds()));
    Cost full = cost(Order.closed(Kind.UPDATE, scope.concurrency(), scope.seconds()));
    figures.put(Measure.UPDATES_PER_SECOND, full.result().perSecond());
    figures.put(Measure.UPDATE_P50_MS, full.result().p50Ms());
    figures.put(Measure.UPDATE_P99_MS, full.result().p99Ms());
    figures.put(Measure.UPDATE_SERVER_CPU, full.serverCpu());
    figures.put(Measure.UPDATE_REDIS_CPU, full.redisCpu());
    figures.put(Measure.UPDATE_CPU, full.cpu());
    double perSecond = rate > 0 ? rate : full.result().perSecond() / 10;
    Result light = checked(Order.open(Kind.UPDATE, perSecond, scope.longSeconds()));
    figures.put(Measure.UPDATE_P99_MS_AT_A_TENTH, light.p99Ms());
    figures.put(Measure.LATE_P99_MS_AT_A_TENTH, light.lateP99Ms());
    if (subject.isOnRedis()) {
      figures.put(Measure.UPDATE_SHARED_ROUND_TRIPS, full.roundTrips());
      figures.put(
          Measure.UPDATE_ROUND_TRIPS,
          cost(Order.times(Kind.UPDATE, 1, scope.oneByOne())).roundTrips());
    }
  }

  /**
   * @param known how many have registered since the server started
   */
  void registers(int known) {
    load.carryOut(
        Order.closed(Kind.REGISTER, scope.concurrency(), scope.warmUpSeconds()).among(known));
    Cost full =
        cost(Order.closed(Kind.REGISTER, scope.concurrency(), scope.seconds()).among(known));
    figures.put(Measure.REGISTERS_PER_SECOND, full.result().perSecond());
    figures.put(Measure.REGISTER_P50_MS, full.result().p50Ms());
    figures.put(Measure.REGISTER_P99_MS, full.result().p99Ms());
    figures.put(Measure.REGISTER_SERVER_CPU, full.serverCpu());
    figures.put(Measure.REGISTER_REDIS_CPU, full.redisCpu());
    figures.put(Measure.REGISTER_CPU, full.cpu());
    load.carryOut(Order.settle());
    if (subject.isOnRedis()) {
      figures.put(
          Measure.REGISTER_ROUND_TRIPS,
          cost(Order.times(Kind.REGISTER, 1, scope.oneByOne()).among(known)).roundTrips());
    }
  }

  /**
   * Live objects per device beyond those of the empty server, once more when exchanges are over.
   */
  void heap(long empty, int devices) {
    figures.put(Measure.HEAP_BYTES_WITH_EXCHANGES, heapPerDevice(empty, devices));
    if (scope.untilExchangesEnd()) {
      pause(Scope.EXCHANGE_LIFETIME_MS);
      figures.put(Measure.HEAP_BYTES, heapPerDevice(empty, devices));
    }
  }

  private double heapPerDevice(long empty, int devices) {
    return (candidate.server().process().liveHeap() - empty) / (double) devices;
  }

  Cost cost(Order order) {
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
  Result checked(Order order) {
    Result result = load.carryOut(order);
    long failed = result.failures().values().stream().mapToLong(Long::longValue).sum();
    if (result.done() == 0 || failed > result.done() * MOST_FAILURES) {
      throw new IllegalStateException(
          "%s: %s: %d done, failures %s"
              .formatted(subject.word(), order.kind(), result.done(), result.failures()));
    }
    return result;
  }

  static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
