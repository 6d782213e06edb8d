package org.firstlight.fleet.credential;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/**
 * A certificate of the operational CA that is no longer good, though its time is not over: the CRL
 * has it until then. Home is the endpoint name, id the serial number.
 *
 * @param serialNumber hex
 * @param sha256 hex digest of its DER
 * @param keySha256 hex SHA-256 of its SubjectPublicKeyInfo, where the device made the key
 */
public record RevokedCertificate(
    EndpointName endpointName,
    int account,
    String serialNumber,
    String sha256,
    Instant notBefore,
    Instant notAfter,
    Optional<String> keySha256,
    Instant revokedAt,
    RevocationReason reason) {

  public static RevokedCertificate of(
      OperationalCertificate certificate, Instant revokedAt, RevocationReason reason) {
    return new RevokedCertificate(
        certificate.endpointName(),
        certificate.account(),
        certificate.serialNumber(),
        certificate.sha256(),
        certificate.notBefore(),
        certificate.notAfter(),
        certificate.keySha256(),
        revokedAt,
        reason);
  }

  public RevokedCertificate withReason(RevocationReason other, Instant now) {
    return new RevokedCertificate(
        endpointName, account, serialNumber, sha256, notBefore, notAfter, keySha256, now, other);
  }

  /** Whether the key is in others' hands, whatever certificate is made over it. */
  public boolean isCompromised(String key) {
    return reason == RevocationReason.KEY_COMPROMISE && keySha256.filter(key::equals).isPresent();
  }

  /**
   * Whether it opens no connection any more. One that was superseded, or ended as its device
   * changed hands, does: an honest device hears from the refusal of its Register what to do.
   */
  public boolean opensNothing() {
    return reason != RevocationReason.SUPERSEDED && reason != RevocationReason.AFFILIATION_CHANGED;
  }
}
