package org.firstlight.simulator.connection;

import java.time.Duration;

/**
 * How patient a device is.
 *
 * @param ackTimeout CoAP ACK_TIMEOUT and the first DTLS retransmission (RFC 7252 §4.8)
 * @param retransmissions of a request and of a handshake flight
 * @param bootstrapIdle silence of the bootstrap server after which a session has failed
 * @param firstRetry wait after a first failure; doubles up to {@code longestRetry}
 * @param attempts failed registrations after which the device bootstraps again
 */
public record Timing(
    Duration ackTimeout,
    int retransmissions,
    Duration bootstrapIdle,
    Duration firstRetry,
    Duration longestRetry,
    int attempts) {

  /** As the specifications advise. */
  public static Timing standard() {
    return new Timing(
        Duration.ofSeconds(2),
        4,
        Duration.ofSeconds(247),
        Duration.ofSeconds(5),
        Duration.ofMinutes(15),
        5);
  }

  /** For demonstrations and tests on one machine. */
  public static Timing fast() {
    return new Timing(
        Duration.ofMillis(500),
        3,
        Duration.ofSeconds(8),
        Duration.ofMillis(500),
        Duration.ofSeconds(4),
        4);
  }

  /** The wait after so many failures in a row. */
  public Duration retryAfter(int failures) {
    Duration wait = firstRetry.multipliedBy(1L << Math.min(Math.max(failures - 1, 0), 20));
    return wait.compareTo(longestRetry) > 0 ? longestRetry : wait;
  }
}
