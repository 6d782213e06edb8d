package org.firstlight.dm.access;

import static org.firstlight.fleet.tenant.Role.ADMINISTRATOR;
import static org.firstlight.fleet.tenant.Role.OPERATOR;
import static org.firstlight.fleet.tenant.Role.VIEWER;
import static org.firstlight.fleet.tenant.Tenant.Kind.END_USER;
import static org.firstlight.fleet.tenant.Tenant.Kind.MANUFACTURER;
import static org.firstlight.fleet.tenant.Tenant.Kind.MOBILE_OPERATOR;
import static org.firstlight.fleet.tenant.Tenant.Kind.PLATFORM_OPERATOR;
import static org.firstlight.fleet.tenant.Tenant.Kind.SERVICE_PROVIDER;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;

/**
 * The one table of who may use which group of routes: the kinds of tenant, and the least role of
 * its users. Which records a principal sees is {@link Sight}'s.
 */
public enum Permission {
  /** Nobody is known yet. */
  SIGN_IN(VIEWER, Set.of()),
  OWN_SESSION(VIEWER, everyone()),
  SEE_DEVICES(VIEWER, everyone()),
  IMPORT_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  REVOKE_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  RETIRE_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR)),
  FOLLOW_DEVICES(VIEWER, Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR, SERVICE_PROVIDER)),
  OPERATE_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR, SERVICE_PROVIDER)),
  MANAGE_CERTIFICATES(OPERATOR, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  SEE_CONFIGURATIONS(VIEWER, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  CONFIGURE_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  TAG_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  CLAIM_DEVICES(OPERATOR, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  SEE_CLAIM_PAGES(VIEWER, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  EDIT_CLAIM_PAGES(OPERATOR, Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  /** By the pass that a claim gave, and in no other way. */
  OWN_DEVICE(VIEWER, Set.of(END_USER)),
  CONNECT_CLIENTS(OPERATOR, Set.of(PLATFORM_OPERATOR)),
  SEE_MANUFACTURERS(VIEWER, Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  EDIT_MANUFACTURERS(ADMINISTRATOR, Set.of(PLATFORM_OPERATOR)),
  PROVE_AUTHORITIES(ADMINISTRATOR, Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  SEE_TENANTS(VIEWER, everyone()),
  EDIT_TENANTS(ADMINISTRATOR, Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  DELETE_TENANTS(ADMINISTRATOR, Set.of(PLATFORM_OPERATOR)),
  OWN_TOKENS(VIEWER, everyone()),
  OWN_ACCOUNT(VIEWER, everyone()),
  MANAGE_USERS(ADMINISTRATOR, everyone()),
  SEE_PLANS(VIEWER, Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  EDIT_PLANS(OPERATOR, Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  SEE_SUBSCRIPTIONS(VIEWER, Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  IMPORT_SUBSCRIPTIONS(OPERATOR, Set.of(MOBILE_OPERATOR)),
  SEE_MODELS(VIEWER, everyone()),
  EDIT_MODELS(OPERATOR, Set.of(PLATFORM_OPERATOR)),
  FOLLOW_EVENTS(VIEWER, everyone()),
  SEE_HANDSHAKES(VIEWER, Set.of(PLATFORM_OPERATOR)),
  CLEAR_SET_ASIDE(OPERATOR, Set.of(PLATFORM_OPERATOR)),
  SEE_AUDIT(VIEWER, everyone());

  /** Who makes tokens or users could give itself more: no token is narrowed to one of these. */
  private static final Set<Permission> NO_SCOPES =
      EnumSet.of(SIGN_IN, OWN_SESSION, OWN_TOKENS, OWN_ACCOUNT, MANAGE_USERS, OWN_DEVICE);

  private final Role least;
  private final Set<Tenant.Kind> kinds;

  Permission(Role least, Set<Tenant.Kind> kinds) {
    this.least = least;
    this.kinds = Set.copyOf(kinds);
  }

  public Set<Tenant.Kind> kinds() {
    return kinds;
  }

  /** The least role that a user needs. */
  public Role least() {
    return least;
  }

  /** Whether a token may be narrowed to it. */
  public boolean isScope() {
    return !NO_SCOPES.contains(this);
  }

  public boolean has(Principal principal) {
    return refuse(principal).isEmpty();
  }

  /** Why this principal lacks it; empty if it has it. */
  public Optional<Failure> refuse(Principal principal) {
    if (!kinds.contains(principal.kind())) {
      return refused("this is not for a tenant of kind " + principal.kind());
    }
    if (!principal.role().isAtLeast(least)) {
      return refused("this takes the role " + least);
    }
    boolean within =
        this == OWN_SESSION
            || principal.scopes().filter(scopes -> !scopes.contains(name())).isEmpty();
    return within ? Optional.empty() : refused("this token's scopes do not have " + name());
  }

  private static Optional<Failure> refused(String why) {
    return Optional.of(Failure.of(FailureCode.FORBIDDEN, why));
  }

  private static Set<Tenant.Kind> everyone() {
    return Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR, MANUFACTURER, SERVICE_PROVIDER);
  }
}
