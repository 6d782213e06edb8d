package org.firstlight.fleet.tenant;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What lets a program or a browser in. The token reads {@code fl_<id>_<secret>}: the id finds the
 * record, only the secret's hash is stored.
 *
 * @param secretSha256 hex; the secret has 256 random bits
 * @param user id of the user whose it is; empty for a tenant's own
 * @param scopes names of the permissions that it is narrowed to; empty for all that its holder has
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
    Optional<Instant> expiresAt,
    Optional<String> user,
    Optional<Set<String>> scopes) {
  public enum Use {
    API,
    SESSION,
    SIGN_IN
  }
}
