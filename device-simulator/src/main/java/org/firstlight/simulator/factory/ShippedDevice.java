package org.firstlight.simulator.factory;

import java.util.random.RandomGenerator;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;

/**
 * One line of a shipment list.
 *
 * @param factoryId what the identity rule yields for its certificate
 * @param factoryKeySha256 hex SHA-256 of the certificate's SubjectPublicKeyInfo
 * @param claimCode as it is printed in the box, for the owner alone
 */
public record ShippedDevice(
    EndpointName endpointName,
    String manufacturer,
    String factoryId,
    String model,
    String serialNumber,
    Eid eid,
    String claimCode,
    String factoryKeySha256) {
  /** Without the letters and digits that people mistake for one another. */
  private static final String CLAIM_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

  private static final int CLAIM_LETTERS = 16;
  private static final int CLAIM_GROUP = 4;

  /** As {@code K7QF-2MZX-93TA-WXYZ}. */
  static String newClaimCode(RandomGenerator random) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < CLAIM_LETTERS; i++) {
      if (i > 0 && i % CLAIM_GROUP == 0) {
        code.append('-');
      }
      code.append(CLAIM_ALPHABET.charAt(random.nextInt(CLAIM_ALPHABET.length())));
    }
    return code.toString();
  }

  /** As {@code POST /devices} takes it: one JSON object, no line end. */
  public String toJson() {
    return """
        {"endpointName":"%s","manufacturer":"%s","factoryId":"%s","model":"%s",\
        "serialNumber":"%s","eid":"%s","claimCode":"%s","factoryKeySha256":"%s"}"""
        .formatted(
            endpointName,
            manufacturer,
            factoryId,
            model,
            serialNumber,
            eid,
            claimCode,
            factoryKeySha256);
  }
}
