package org.firstlight.fleet.credential;

/** Why a certificate is no longer good (CRLReason, RFC 5280 §5.3.1). */
public enum RevocationReason {
  UNSPECIFIED(0),
  KEY_COMPROMISE(1),
  /** Its device has another owner. */
  AFFILIATION_CHANGED(3),
  /** The device has a newer one. */
  SUPERSEDED(4),
  /** Its device is retired. */
  CESSATION_OF_OPERATION(5),
  /** Its device is revoked, which may be taken back. */
  CERTIFICATE_HOLD(6),
  PRIVILEGE_WITHDRAWN(9);

  private final int code;

  RevocationReason(int code) {
    this.code = code;
  }

  /** As a CRL entry has it. */
  public int code() {
    return code;
  }
}
