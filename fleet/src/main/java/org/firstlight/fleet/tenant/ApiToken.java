package org.firstlight.fleet.tenant;

import java.time.Instant;
import java.util.Optional;

/**
 * What lets a program or a browser in. The token reads {@code fl_<id>_<secret>}: the id finds the
 * record, only the secret's hash is stored.
 *
 * @param secretSha256 hex; the secret has 256 random bits
 * @param use API (a program's), SESSION (a browser's cookie) or SIGN_IN (once, then it is deleted)
 */
public record ApiToken(
    String id,
    String secretSha256,
    String tenant,
    Tenant.Kind kind,
    String name,
    Use use,
    Instant createdAt,
    Optional<Instant> expiresAt) {
  public enum Use {
    API,
    SESSION,
    SIGN_IN
  }
}
