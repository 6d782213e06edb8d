package org.firstlight.fleet.trust;

import java.time.Duration;

/**
 * Where a manufacturer's CA publishes which of its certificates are revoked: a certificate
 * revocation list (RFC 5280 §5).
 *
 * @param url http or https; the list is signed, so that either will do
 * @param staleAfterHours how long a list vouches for devices after it was last fetched: then the
 *     devices of the CA are refused until it can be fetched again
 */
public record RevocationSource(String url, int staleAfterHours) {
  public Duration staleAfter() {
    return Duration.ofHours(staleAfterHours);
  }
}
