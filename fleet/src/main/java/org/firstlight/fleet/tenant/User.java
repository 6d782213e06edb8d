package org.firstlight.fleet.tenant;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A person who works for a tenant.
 *
 * @param id the name that it signs in with, in lower case; maybe an e-mail address
 * @param password as a PHC string; empty until it has chosen one
 * @param knownBrowsers SHA-256 in hex of what marks a browser that has signed in to it; the newest
 *     last
 * @param createdAt a token that is older is another's, who had the name before
 * @param sessionsFrom a session or a one-time code that is older is good no longer
 * @param subject as the OpenID provider knows it, "issuer sub"; empty until it came by there
 */
public record User(
    String id,
    String tenant,
    String displayName,
    Role role,
    State state,
    Optional<String> password,
    List<String> knownBrowsers,
    Instant createdAt,
    Instant sessionsFrom,
    Optional<Instant> lastSignIn,
    Optional<String> subject) {
  public enum State {
    ACTIVE,
    DISABLED
  }

  public User {
    knownBrowsers = List.copyOf(knownBrowsers);
  }

  @Override
  public String toString() {
    return "User[" + id + "]";
  }
}
