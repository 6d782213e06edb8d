package org.firstlight.fleet.trust;

/** Where in a factory certificate the device's id stands: one rule per manufacturer. */
public enum IdentityRule {
  /** The one SAN of type uniformResourceIdentifier. */
  SAN_URI,
  /** hardwareModuleName in SAN otherName 1.3.6.1.5.5.7.8.4 (RFC 4108 §5). */
  HARDWARE_MODULE_NAME,
  /** subject serialNumber, 2.5.4.5. */
  SUBJECT_SERIAL_NUMBER,
  /** The one subject CN. */
  COMMON_NAME
}
