package org.firstlight.fleet.device;

import java.time.Instant;
import java.util.List;

/**
 * That an owner has taken a device into its tenant.
 *
 * @param tenant id of the service provider or end user's tenant
 * @param preferredPlmns the user's choices, MCC and MNC digits, best first; may be empty
 */
public record Claim(String tenant, Instant at, List<String> preferredPlmns) {
  public Claim {
    preferredPlmns = List.copyOf(preferredPlmns);
  }
}
