package org.firstlight.fleet.tenant;

/** What a user may do of all that the kind of its tenant may, from the least to the most. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Works on devices and documents; not on users, tenants and trust. */
  OPERATOR,
  /** All of it. */
  ADMINISTRATOR;

  public boolean isAtLeast(Role other) {
    return compareTo(other) >= 0;
  }
}
