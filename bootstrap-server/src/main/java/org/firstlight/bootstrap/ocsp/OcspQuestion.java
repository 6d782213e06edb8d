package org.firstlight.bootstrap.ocsp;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.trust.OcspResponder;
import org.firstlight.kit.pki.Certificates;

/**
 * What a responder is to tell.
 *
 * @param manufacturer whose responder it is
 * @param endpointName the device whose certificate it is; empty for a CA's, or a device without one
 * @param denied hex SHA-256 of keys that may not sign an answer
 */
public record OcspQuestion(
    String manufacturer,
    OcspResponder responder,
    X509Certificate certificate,
    X509Certificate issuer,
    boolean isDevice,
    Optional<EndpointName> endpointName,
    Set<String> denied) {

  /** The same for all questions that one answer is to. */
  String key() {
    return certificateSha256() + " " + responder.authority() + " " + responder.url();
  }

  String certificateSha256() {
    return Certificates.sha256(certificate);
  }
}
