package org.firstlight.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** That each bench still runs to its end, with none that failed; its figures mean nothing here. */
@Tag("long")
class BenchesIT {
  @ParameterizedTest
  @ValueSource(strings = {"handshake --quick", "bootstrap --quick", "restart --devices 20"})
  void bench_ends_well(String line) {
    assertThat(new CommandLine(new Bench()).execute(line.split(" "))).isZero();
  }
}
