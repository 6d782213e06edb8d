package org.firstlight.fleet.credential;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/**
 * A certificate that the operational CA issued. Only the newest of an endpoint and account is good:
 * a second bootstrap takes the place of the first.
 *
 * @param serialNumber hex
 * @param sha256 hex digest of its DER
 * @param keySha256 hex digest of its SubjectPublicKeyInfo, where the device made the key (EST)
 */
public record OperationalCertificate(
    EndpointName endpointName,
    int account,
    String serialNumber,
    String sha256,
    Instant notBefore,
    Instant notAfter,
    Optional<String> keySha256) {

  /** Of a key that was made here. */
  public OperationalCertificate(
      EndpointName endpointName,
      int account,
      String serialNumber,
      String sha256,
      Instant notBefore,
      Instant notAfter) {
    this(endpointName, account, serialNumber, sha256, notBefore, notAfter, Optional.empty());
  }

  /** When its device should have another: a third of its time is left then. */
  public Instant renewFrom() {
    return notAfter.minus(Duration.between(notBefore, notAfter).dividedBy(3));
  }

  /** Record id of the certificate that the account's last finished bootstrap handed over. */
  public static String currentId(int account) {
    return Integer.toString(account);
  }

  /**
   * Record id of the certificate that a bootstrap is handing over: it takes the place of the
   * current one once Finish is acknowledged, or once the device registers with it.
   */
  public static String nextId(int account) {
    return account + ".next";
  }

  /** Whether it is the record id of a current one. */
  public static boolean isCurrentId(String id) {
    return !id.endsWith(".next");
  }
}
