package org.firstlight.fleet.operation;

import java.time.Instant;

/**
 * A node's word that it sends a request, and nobody else does.
 *
 * @param id unique to one taking: who repeats it, because the answer was lost, takes no second one
 * @param until later than any answer of the device may come; from then on the node counts as dead
 */
public record Claim(String id, String node, Instant until) {
  boolean hasLapsed(Instant now) {
    return !now.isBefore(until);
  }
}
