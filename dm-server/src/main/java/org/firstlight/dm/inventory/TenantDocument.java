package org.firstlight.dm.inventory;

import java.util.List;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;

/** A tenant as people write it. */
public record TenantDocument(
    Optional<String> id,
    Optional<Long> version,
    String name,
    Tenant.Kind kind,
    Optional<String> operatorId,
    Optional<PlmnPolicy> plmnPolicy) {
  private static final int LONGEST_OPERATOR_ID = 64;

  public static TenantDocument of(Stored<Tenant> stored) {
    Tenant tenant = stored.value();
    return new TenantDocument(
        Optional.of(tenant.id()),
        Optional.of(stored.version()),
        tenant.name(),
        tenant.kind(),
        tenant.operatorId(),
        tenant.plmnPolicy());
  }

  /**
   * Checks it whole.
   *
   * @param before the tenant as it is; empty for a new one
   * @param others every tenant: two never have one operator id
   */
  public Outcome<Tenant> check(
      String pathId, Principal by, Optional<Tenant> before, List<Tenant> others) {
    Tenant made = new Tenant(pathId, name, kind, operatorId, plmnPolicy);
    if (!by.isAdministrator() && !isOwnPolicy(made, by, before)) {
      return Outcome.refused(
          FailureCode.FORBIDDEN, "a mobile operator changes its own name and PLMN policy alone");
    }
    if (before.filter(was -> was.kind() != kind).isPresent()) {
      return refused("kind: never changes");
    }
    if (kind == Tenant.Kind.END_USER) {
      return refused("kind: end users have no tenant of their own");
    }
    if (kind == Tenant.Kind.PLATFORM_OPERATOR && !pathId.equals(Tenant.PLATFORM)) {
      return refused("kind: the platform has one operator");
    }
    boolean operator = kind == Tenant.Kind.MOBILE_OPERATOR;
    if (!operator && (operatorId.isPresent() || plmnPolicy.isPresent())) {
      return refused("operatorId and plmnPolicy: are a mobile operator's");
    }
    if (operatorId.filter(own -> own.isBlank() || own.length() > LONGEST_OPERATOR_ID).isPresent()) {
      return refused("operatorId: has 1 to %d characters".formatted(LONGEST_OPERATOR_ID));
    }
    boolean taken =
        operatorId.isPresent()
            && others.stream()
                .anyMatch(one -> !one.id().equals(pathId) && one.operatorId().equals(operatorId));
    if (taken) {
      return refused("operatorId: is another tenant's");
    }
    return Texts.name("name", name)
        .<Outcome<Tenant>>map(TenantDocument::refused)
        .orElseGet(() -> Outcome.done(made));
  }

  private static boolean isOwnPolicy(Tenant made, Principal by, Optional<Tenant> before) {
    return made.id().equals(by.tenant())
        && before
            .filter(was -> was.kind() == made.kind() && was.operatorId().equals(made.operatorId()))
            .isPresent();
  }

  private static <T> Outcome<T> refused(String why) {
    return Outcome.refused(FailureCode.MALFORMED, why);
  }
}
