package org.firstlight.benchmarks.load;

import java.util.Map;

/**
 * What came of an order.
 *
 * @param done answered with success
 * @param failures by response code, or {@code timeout}, or {@code reset}
 * @param lateP99Ms how long after its time a message was sent, where it had one: what the machine
 *     itself delays, whatever the server does
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
    double lateP99Ms,
    long asked,
    long observed) {
  public double perSecond() {
    return seconds > 0 ? done / seconds : 0;
  }
}
