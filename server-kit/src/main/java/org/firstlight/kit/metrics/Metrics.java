package org.firstlight.kit.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.FailureCode;

/**
 * Counters, timers and gauges, all named {@code firstlight.…}. Tags hold words of a fixed set,
 * never an endpoint name, an address or anything else that a device chooses.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  public Metrics() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbage.bindTo(registry);
  }

  /**
   * Adds one.
   *
   * @param tags key and value in turn
   */
  public void count(String name, String... tags) {
    registry.counter(name, tags).increment();
  }

  /** Adds one to the failures of {@code name}, tagged with the code. */
  public void failed(String name, FailureCode code) {
    count(name + ".failed", "failure", code.metricTag());
  }

  /** Adds one duration. */
  public void time(String name, Duration duration, String... tags) {
    registry.timer(name, tags).record(duration);
  }

  /** Asks for the value at each scrape. */
  public void gauge(String name, Supplier<Number> value, String... tags) {
    io.micrometer.core.instrument.Gauge.builder(name, value).tags(tags).register(registry);
  }

  /** Everything, in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  /** For what needs more than the methods here. */
  public MeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
