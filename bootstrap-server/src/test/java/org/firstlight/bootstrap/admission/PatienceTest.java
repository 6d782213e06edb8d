package org.firstlight.bootstrap.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.device.Waiting;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest
  @CsvSource({"0,5", "4,5", "5,5", "20,20", "3599,3599", "86400,3600"})
  void wait_is_as_long_again_as_it_has_been(long waited, long seconds) {
    Waiting waiting = new Waiting("any", NOW.minusSeconds(waited));

    assertThat(Patience.after(Optional.of(waiting), NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
