package org.firstlight.dm.claim;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimAnswers;

/**
 * What a claim is to make of a device.
 *
 * @param tenant id of the service provider that is to own it
 * @param preferredPlmns MCC and MNC digits, best first; may be empty
 * @param tags that the device gets; empty for those that it has
 */
public record ClaimWish(
    String tenant, List<String> preferredPlmns, Optional<ClaimAnswers> answers, Set<String> tags) {
  public ClaimWish {
    preferredPlmns = List.copyOf(preferredPlmns);
    tags = Set.copyOf(tags);
  }

  Claim granted(Instant at, String codeSha256) {
    return new Claim(tenant, at, preferredPlmns, answers, Optional.of(codeSha256));
  }
}
