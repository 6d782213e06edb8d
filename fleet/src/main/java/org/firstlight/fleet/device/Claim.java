package org.firstlight.fleet.device;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That an owner has taken a device into its tenant.
 *
 * @param tenant id of the owner's tenant
 * @param preferredPlmns the user's choices, MCC and MNC digits, best first; may be empty
 * @param answers what the one who claimed it answered; empty where nobody was asked
 * @param codeSha256 of what was shown to claim it, so that it can be asked for once more; empty for
 *     a claim without a code
 */
public record Claim(
    String tenant,
    Instant at,
    List<String> preferredPlmns,
    Optional<ClaimAnswers> answers,
    Optional<String> codeSha256) {
  public Claim {
    preferredPlmns = List.copyOf(preferredPlmns);
  }

  /** One for which nobody was asked. */
  public Claim(String tenant, Instant at, List<String> preferredPlmns) {
    this(tenant, at, preferredPlmns, Optional.empty(), Optional.empty());
  }

  /** ISO 3166-1 alpha-2 code of the country where the device is to work. */
  public Optional<String> country() {
    return answers.map(ClaimAnswers::country);
  }
}
