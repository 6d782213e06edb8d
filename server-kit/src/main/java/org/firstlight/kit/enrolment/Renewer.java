package org.firstlight.kit.enrolment;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/**
 * Who may renew a certificate.
 *
 * @param used the operational certificate that its connection has proven; empty for a factory
 *     identity, which renews whatever the device holds
 * @param factoryKey hex SHA-256 of the factory's key, over which no certificate is made here
 */
public record Renewer(
    EndpointName name, Optional<X509Certificate> used, Optional<String> factoryKey) {

  /** By the certificate that is renewed. */
  public static Renewer by(EndpointName name, X509Certificate used) {
    return new Renewer(name, Optional.of(used), Optional.empty());
  }

  /** By its factory certificate. */
  public static Renewer byFactory(EndpointName name, String factoryKey) {
    return new Renewer(name, Optional.empty(), Optional.of(factoryKey));
  }
}
