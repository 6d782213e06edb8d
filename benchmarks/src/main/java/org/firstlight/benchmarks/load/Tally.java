package org.firstlight.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts and times what came of one order. */
final class Tally {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final double MICROS_PER_MS = 1_000;

  private final Histogram micros = new Histogram(LONGEST_MICROS, 3);
  private final Histogram lateMicros = new Histogram(LONGEST_MICROS, 3);
  private final Map<String, Long> failures = new TreeMap<>();
  private final long begun = System.nanoTime();
  private long last = begun;
  private long retransmissions;

  /** Since the order began. */
  double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  void answered(Exchange exchange, CoapMessage answer, long now) {
    last = now;
    if (answer.type() == CoapMessage.Type.RST) {
      failed("reset");
    } else if (answer.code() == CoapMessage.EMPTY || answer.isSuccess()) {
      micros.recordValue(
          Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(now - exchange.begun())));
    } else {
      failed(answer.codeText());
    }
  }

  void late(long nanos) {
    lateMicros.recordValue(Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(nanos)));
  }

  void failed(String how) {
    failures.merge(how, 1L, Long::sum);
  }

  void retransmitted() {
    retransmissions++;
  }

  Result result(long asked, long observed) {
    return new Result(
        micros.getTotalCount(),
        (last - begun) / 1e9,
        failures,
        retransmissions,
        micros.getValueAtPercentile(50) / MICROS_PER_MS,
        micros.getValueAtPercentile(99) / MICROS_PER_MS,
        lateMicros.getValueAtPercentile(99) / MICROS_PER_MS,
        asked,
        observed);
  }
}
