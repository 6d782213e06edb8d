package org.firstlight.dm.access;

import org.firstlight.fleet.tenant.Tenant;

/**
 * Who asks, proven by a token.
 *
 * @param tenant id of the tenant it acts for
 * @param tokenId public part of its token: names it in the audit, lets nobody in
 */
public record Principal(String tenant, Tenant.Kind kind, String tokenId) {
  /** The platform itself, where it acts by a stored document and nobody asks. */
  public static Principal platform(String part) {
    return new Principal("platform", Tenant.Kind.PLATFORM_OPERATOR, part);
  }

  public boolean isAdministrator() {
    return kind == Tenant.Kind.PLATFORM_OPERATOR;
  }
}
