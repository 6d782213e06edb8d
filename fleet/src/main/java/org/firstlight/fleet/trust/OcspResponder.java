package org.firstlight.fleet.trust;

import java.time.Duration;

/**
 * Who tells at each handshake whether a certificate of a manufacturer's CA is revoked (RFC 6960).
 *
 * @param authority hex SHA-256 of the SubjectPublicKeyInfo of the CA that it speaks for
 * @param url http or https; answers are signed, so that either will do
 * @param staleAfterMinutes how long an answer counts at most; less where it ends sooner itself
 * @param patienceSeconds how long a handshake waits for an answer
 * @param admitUnanswered whether a device comes in of which it does not tell in time; one that it
 *     has said to be revoked, or does not know, never does
 */
public record OcspResponder(
    String authority,
    String url,
    int staleAfterMinutes,
    int patienceSeconds,
    boolean admitUnanswered) {
  public Duration staleAfter() {
    return Duration.ofMinutes(staleAfterMinutes);
  }

  public Duration patience() {
    return Duration.ofSeconds(patienceSeconds);
  }
}
