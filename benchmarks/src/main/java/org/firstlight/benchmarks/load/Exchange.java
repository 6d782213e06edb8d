package org.firstlight.benchmarks.load;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A confirmable message under way, with its repetitions (RFC 7252 §4.2). */
final class Exchange {
  private static final double ACK_TIMEOUT_MS = 2_000;
  private static final double ACK_RANDOM_FACTOR = 1.5;
  private static final int MAX_RETRANSMIT = 4;

  private final int device;
  private final int socket;
  private final byte[] wire;
  private final long begun;
  private long timeout;
  private long due;
  private int repetitions;

  /**
   * @param device for whom it is; -1 if no matter
   */
  Exchange(int device, int socket, byte[] wire, long now) {
    this.device = device;
    this.socket = socket;
    this.wire = wire;
    this.begun = now;
    this.timeout =
        TimeUnit.MILLISECONDS.toNanos(
            (long) (ACK_TIMEOUT_MS * ThreadLocalRandom.current().nextDouble(1, ACK_RANDOM_FACTOR)));
    this.due = now + timeout;
  }

  int device() {
    return device;
  }

  int socket() {
    return socket;
  }

  byte[] wire() {
    return wire;
  }

  long begun() {
    return begun;
  }

  boolean isDue(long now) {
    return now >= due;
  }

  /** Whether it may be sent once more. */
  boolean again(long now) {
    timeout *= 2;
    due = now + timeout;
    return repetitions++ < MAX_RETRANSMIT;
  }

  /** The server has it, and will answer later. */
  void acknowledged() {
    due = Long.MAX_VALUE;
  }
}
