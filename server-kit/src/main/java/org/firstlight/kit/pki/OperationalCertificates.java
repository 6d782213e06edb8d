package org.firstlight.kit.pki;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.EndpointName;

/** What the operational CA issues: for how long, and what is kept of it. */
public final class OperationalCertificates {
  /** A device renews its certificate, or bootstraps again, when it nears its end. */
  public static final Duration VALIDITY = Duration.ofDays(730);

  private OperationalCertificates() {}

  /** Hex, as records have it. */
  public static String serialNumber(X509Certificate issued) {
    return issued.getSerialNumber().toString(16);
  }

  /** The record of a certificate over a key that the device did not make by EST. */
  public static OperationalCertificate record(
      EndpointName name, int account, X509Certificate issued) {
    return record(name, account, issued, Optional.empty());
  }

  /** The record of a certificate over a key that the device made (EST). */
  public static OperationalCertificate recordOfItsOwnKey(
      EndpointName name, int account, X509Certificate issued) {
    return record(name, account, issued, Optional.of(Certificates.keySha256(issued)));
  }

  private static OperationalCertificate record(
      EndpointName name, int account, X509Certificate issued, Optional<String> keySha256) {
    return new OperationalCertificate(
        name,
        account,
        serialNumber(issued),
        Certificates.sha256(issued),
        issued.getNotBefore().toInstant(),
        issued.getNotAfter().toInstant(),
        keySha256);
  }
}
