package org.firstlight.kit.subscription;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.firstlight.fleet.device.Eid;

/**
 * What everybody may read of a sealed subscription, signed by its operator.
 *
 * @param packageId 32 lower-case hex digits
 * @param operatorId as the operator's certificate has it in organizationIdentifier
 * @param recipientCertSha256 64 lower-case hex digits: digest of the eUICC's key-agreement
 *     certificate
 * @param counter grows with each package of this operator to this EID
 * @param notBefore whole seconds
 * @param notAfter whole seconds
 * @param previousPackageId which one it replaces, disables, enables or deletes
 */
public record SubscriptionHeader(
    String packageId,
    String operatorId,
    Eid eid,
    String recipientCertSha256,
    long counter,
    Instant notBefore,
    Instant notAfter,
    Action action,
    Optional<String> previousPackageId) {
  static final int MAX_OPERATOR_ID = 64;
  private static final Pattern PACKAGE_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** What the eUICC is asked to do; the order is the ASN.1 one. */
  public enum Action {
    INSTALL,
    REPLACE,
    DISABLE,
    ENABLE,
    DELETE
  }

  public SubscriptionHeader {
    require(PACKAGE_ID.matcher(packageId).matches(), "packageId has 32 hex digits");
    require(
        !operatorId.isBlank() && operatorId.length() <= MAX_OPERATOR_ID,
        "operatorId has 1 to 64 characters");
    require(SHA256.matcher(recipientCertSha256).matches(), "recipientCertSha256 has 64 hex digits");
    require(counter >= 0, "counter is not negative");
    require(notBefore.isBefore(notAfter), "notBefore lies before notAfter");
    require(notBefore.getNano() == 0 && notAfter.getNano() == 0, "dates have whole seconds");
    previousPackageId.ifPresent(
        id -> require(PACKAGE_ID.matcher(id).matches(), "previousPackageId has 32 hex digits"));
    require(
        (action == Action.INSTALL) == previousPackageId.isEmpty(),
        "previousPackageId goes with every action but install");
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
