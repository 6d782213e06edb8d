package org.firstlight.dm.access;

import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;

/**
 * Who asks, proven by a token.
 *
 * @param tenant id of the tenant it acts for
 * @param tokenId public part of its token: names it in the audit, lets nobody in
 * @param role the user's, as it is now; a tenant's own token is an administrator's
 * @param user id of the user; empty for a tenant's own token
 * @param scopes names of the permissions that its token is narrowed to; empty for all
 */
public record Principal(
    String tenant,
    Tenant.Kind kind,
    String tokenId,
    Role role,
    Optional<String> user,
    Optional<Set<String>> scopes) {
  public Principal {
    scopes = scopes.map(Set::copyOf);
  }

  /** A tenant's own, with all that its kind may. */
  public Principal(String tenant, Tenant.Kind kind, String tokenId) {
    this(tenant, kind, tokenId, Role.ADMINISTRATOR, Optional.empty(), Optional.empty());
  }

  /** The platform itself, where it acts by a stored document and nobody asks. */
  public static Principal platform(String part) {
    return new Principal("platform", Tenant.Kind.PLATFORM_OPERATOR, part);
  }

  /** Whether it acts for the platform operator, in whatever role. */
  public boolean isAdministrator() {
    return kind == Tenant.Kind.PLATFORM_OPERATOR;
  }

  /** Whether it may look after the people and tokens of this tenant. */
  public boolean administers(String whose) {
    return role == Role.ADMINISTRATOR && (isAdministrator() || tenant.equals(whose));
  }
}
