package org.firstlight.fleet.registration;

import java.time.Instant;

/** What becomes of a device's registrations together with its records. */
public sealed interface RegistrationEdit {
  /** It registers, in place of an earlier registration with the same account. */
  record Begin(Registration registration) implements RegistrationEdit {}

  /** It de-registers; a lost race if there is no such registration. */
  record End(String id) implements RegistrationEdit {}

  /**
   * Its Lifetime ended; a lost race if an Update came first.
   *
   * @param last whether the device is registered with no other account; a lost race if that is no
   *     longer so
   */
  record Expire(String id, Instant now, boolean last) implements RegistrationEdit {}

  /**
   * All that began before this end: the device may come no more, or not with the credential that it
   * had. Whatever speaks under them from now on is told that they are not known.
   */
  record EndAll(Instant before) implements RegistrationEdit {
    private static final Instant NEVER_REACHED = Instant.parse("9999-12-31T00:00:00Z");

    /** Whenever they began. */
    public static EndAll ofAnyAge() {
      return new EndAll(NEVER_REACHED);
    }
  }
}
