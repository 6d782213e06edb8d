package org.firstlight.fleet.tenant;

import java.util.Optional;
import org.firstlight.fleet.plan.PlmnPolicy;

/**
 * An actor of the platform.
 *
 * @param operatorId for a mobile operator: the id that its signing certificate carries
 * @param plmnPolicy for a mobile operator
 */
public record Tenant(
    String id,
    String name,
    Kind kind,
    Optional<String> operatorId,
    Optional<PlmnPolicy> plmnPolicy) {
  /** Id of the platform operator's tenant. */
  public static final String PLATFORM = "platform";

  public enum Kind {
    PLATFORM_OPERATOR,
    MOBILE_OPERATOR,
    MANUFACTURER,
    SERVICE_PROVIDER,
    /** Has no record of its own: claims one device for a service provider, and sees that alone. */
    END_USER
  }
}
