package org.firstlight.dm.access;

import static org.firstlight.fleet.tenant.Tenant.Kind.MANUFACTURER;
import static org.firstlight.fleet.tenant.Tenant.Kind.MOBILE_OPERATOR;
import static org.firstlight.fleet.tenant.Tenant.Kind.PLATFORM_OPERATOR;
import static org.firstlight.fleet.tenant.Tenant.Kind.SERVICE_PROVIDER;

import java.util.Set;
import org.firstlight.fleet.tenant.Tenant;

/** The one table of roles and groups of routes. Which records a role sees is {@link Sight}'s. */
public enum Permission {
  /** Nobody is known yet. */
  SIGN_IN(Set.of()),
  OWN_SESSION(everyone()),
  SEE_DEVICES(everyone()),
  IMPORT_DEVICES(Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  REVOKE_DEVICES(Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  RETIRE_DEVICES(Set.of(PLATFORM_OPERATOR)),
  FOLLOW_DEVICES(Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR, SERVICE_PROVIDER)),
  OPERATE_DEVICES(Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR, SERVICE_PROVIDER)),
  CONFIGURE_DEVICES(Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  TAG_DEVICES(Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  CLAIM_DEVICES(Set.of(PLATFORM_OPERATOR, SERVICE_PROVIDER)),
  CONNECT_CLIENTS(Set.of(PLATFORM_OPERATOR)),
  SEE_MANUFACTURERS(Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  EDIT_MANUFACTURERS(Set.of(PLATFORM_OPERATOR)),
  PROVE_AUTHORITIES(Set.of(PLATFORM_OPERATOR, MANUFACTURER)),
  SEE_TENANTS(everyone()),
  EDIT_TENANTS(Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  DELETE_TENANTS(Set.of(PLATFORM_OPERATOR)),
  OWN_TOKENS(everyone()),
  EDIT_PLANS(Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  SEE_SUBSCRIPTIONS(Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR)),
  IMPORT_SUBSCRIPTIONS(Set.of(MOBILE_OPERATOR)),
  SEE_MODELS(everyone()),
  EDIT_MODELS(Set.of(PLATFORM_OPERATOR)),
  FOLLOW_EVENTS(everyone()),
  SEE_HANDSHAKES(Set.of(PLATFORM_OPERATOR)),
  CLEAR_SET_ASIDE(Set.of(PLATFORM_OPERATOR)),
  SEE_AUDIT(everyone());

  private final Set<Tenant.Kind> kinds;

  Permission(Set<Tenant.Kind> kinds) {
    this.kinds = Set.copyOf(kinds);
  }

  public Set<Tenant.Kind> kinds() {
    return kinds;
  }

  public boolean has(Principal principal) {
    return kinds.contains(principal.kind());
  }

  private static Set<Tenant.Kind> everyone() {
    return Set.of(PLATFORM_OPERATOR, MOBILE_OPERATOR, MANUFACTURER, SERVICE_PROVIDER);
  }
}
