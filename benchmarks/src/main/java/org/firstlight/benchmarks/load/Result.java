package org.firstlight.benchmarks.load;

import java.util.Map;

/**
 * What came of an order.
 *
 * @param done answered with success
 * @param failures by response code, or {@code timeout}, or {@code reset}
 * @param asked requests of the server that the devices have answered since they connected
 * @param observed observations that the server has begun since the devices connected
 */
public record Result(
    long done,
    double seconds,
    Map<String, Long> failures,
    long retransmissions,
    double p50Ms,
    double p99Ms,
    long asked,
    long observed) {
  public double perSecond() {
    return seconds > 0 ? done / seconds : 0;
  }
}
