package org.firstlight.fleet.state;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The right to do work that one node must do, for a time. */
public interface Leases {
  /** Takes or prolongs a lease: true if this node has it until {@code duration} has passed. */
  CompletionStage<Boolean> take(String name, String node, Duration duration);

  /** Gives a lease back before its time, so that nobody waits for it; another node's stays. */
  CompletionStage<Void> release(String name, String node);
}
