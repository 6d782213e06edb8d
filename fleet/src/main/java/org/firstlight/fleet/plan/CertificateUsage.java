package org.firstlight.fleet.plan;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a device trusts the server of an account: what /0/x/4 holds, and what it is good for (LwM2M
 * Core 1.1.1 §E.1, Resource 15; RFC 6698 §2.1.1).
 */
public enum CertificateUsage {
  /** A CA that must stand in the server's chain, which ends at an anchor of the device's own. */
  CA_CONSTRAINT(0, false),
  /** The server's certificate, whose chain ends at an anchor of the device's own. */
  SERVICE_CERTIFICATE_CONSTRAINT(1, true),
  /** The CA that the server's chain ends at. */
  TRUST_ANCHOR_ASSERTION(2, false),
  /** The server's certificate, whoever issued it. */
  DOMAIN_ISSUED_CERTIFICATE(3, true);

  private final int number;
  private final boolean pinsServer;

  CertificateUsage(int number, boolean pinsServer) {
    this.number = number;
    this.pinsServer = pinsServer;
  }

  /** As /0/x/15 has it. */
  public int number() {
    return number;
  }

  /** Whether the device takes this one certificate of the server's alone. */
  public boolean pinsServer() {
    return pinsServer;
  }

  public static Optional<CertificateUsage> of(int number) {
    return Arrays.stream(values()).filter(usage -> usage.number == number).findFirst();
  }
}
