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
 * @param openedBy id of the API token that opened this session, and ends it
 * @param madeBy id of the administrator whose one-time code this is, or opened this session: it is
 *     good no longer than that one is an administrator
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
    Optional<Set<String>> scopes,
    Optional<String> openedBy,
    Optional<String> madeBy) {
  public enum Use {
    API,
    SESSION,
    SIGN_IN
  }

  /** The same with another secret. */
  public ApiToken withSecret(String sha256) {
    return new ApiToken(
        id, sha256, tenant, kind, name, use, createdAt, expiresAt, user, scopes, openedBy, madeBy);
  }
}
