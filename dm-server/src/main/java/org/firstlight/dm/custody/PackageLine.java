package org.firstlight.dm.custody;

import java.util.Base64;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/**
 * One sealed package as {@code seal} writes it.
 *
 * @param packageId 32 hex digits
 * @param sealed base64 of the CMS package
 */
public record PackageLine(String packageId, String eid, String sealed) {

  /**
   * The same, in a form to work with.
   *
   * @param sealed base64 without line breaks
   */
  record Package(String packageId, Eid eid, byte[] cms, String sealed) {
    @Override
    public String toString() {
      return "Package[" + packageId + "]";
    }
  }

  Outcome<Package> parse() {
    if (!packageId.matches("[0-9a-f]{32}")) {
      return refused("packageId: is not 32 lower-case hex digits");
    }
    Eid recipient;
    try {
      recipient = new Eid(eid);
    } catch (IllegalArgumentException wrong) {
      return refused("eid: " + wrong.getMessage());
    }
    try {
      return Outcome.done(
          new Package(packageId, recipient, Base64.getDecoder().decode(sealed), sealed));
    } catch (IllegalArgumentException wrong) {
      return refused("sealed: is not base64");
    }
  }

  private static Outcome<Package> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }

  @Override
  public String toString() {
    return "PackageLine[" + packageId + "]";
  }
}
