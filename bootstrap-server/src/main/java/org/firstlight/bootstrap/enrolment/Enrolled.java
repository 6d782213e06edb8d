package org.firstlight.bootstrap.enrolment;

import java.util.Optional;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A credential on its way to a device, and what state keeps of it at each turn of the session. What
 * becomes of the device's certificates is told to them, and not written here.
 */
public interface Enrolled {
  /** What is written to /0. */
  AccountCredential credential();

  /** The account whose certificate the device fetches itself, if it does. */
  default Optional<Integer> fetchedFor() {
    return Optional.empty();
  }

  /**
   * Before the first write: good beside the one before, should the device be faster than we are.
   */
  void begin(Change.Builder change, DeviceCertificates certificates);

  /**
   * Finish is acknowledged: it takes the place of the one before.
   *
   * @param inUse whether a device that fetches it has fetched it and registered with it already: it
   *     is the current one then
   */
  void settle(Change.Builder change, DeviceCertificates certificates, boolean inUse);

  /** The session failed: the one before stays alone. */
  void drop(Change.Builder change, DeviceCertificates certificates);
}
