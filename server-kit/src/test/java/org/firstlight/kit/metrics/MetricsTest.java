package org.firstlight.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.firstlight.fleet.failure.FailureCode;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void what_is_counted_timed_and_gauged_is_scraped() {
    try (Metrics metrics = new Metrics()) {
      metrics.count("firstlight.handshakes", "outcome", "ok");
      metrics.count("firstlight.handshakes", "outcome", "ok");
      metrics.time("firstlight.bootstrap", Duration.ofMillis(250));
      metrics.gauge("firstlight.registrations", () -> 3);
      metrics.failed("firstlight.register", FailureCode.NOT_FOUND);

      assertThat(metrics.scrape())
          .contains("firstlight_handshakes_total{outcome=\"ok\"} 2.0")
          .contains("firstlight_bootstrap_seconds_sum 0.25")
          .contains("firstlight_registrations 3.0")
          .contains("firstlight_register_failed_total{failure=\"not_found\"} 1.0");
    }
  }
}
