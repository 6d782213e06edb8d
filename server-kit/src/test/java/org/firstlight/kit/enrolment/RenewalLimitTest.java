package org.firstlight.kit.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.firstlight.fleet.device.EndpointName;
import org.junit.jupiter.api.Test;

class RenewalLimitTest {
  private static final EndpointName ONE = new EndpointName("urn:dev:ops:00D0FE-L-1");
  private static final EndpointName OTHER = new EndpointName("urn:dev:ops:00D0FE-L-2");

  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final RenewalLimit limit =
      new RenewalLimit(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
              return this;
            }
          });

  @Test
  void each_device_renews_so_often_a_day_and_no_more() {
    for (int i = 0; i < RenewalLimit.MOST; i++) {
      assertThat(limit.allow(ONE)).isTrue();
    }
    assertThat(limit.allow(ONE)).isFalse();
    assertThat(limit.allow(OTHER)).isTrue();
    now = now.plus(RenewalLimit.WITHIN).minus(Duration.ofMillis(1));
    assertThat(limit.allow(ONE)).isFalse();
    now = now.plusMillis(1);
    assertThat(limit.allow(ONE)).isTrue();
  }
}
