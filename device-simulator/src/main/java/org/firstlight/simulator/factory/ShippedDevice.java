package org.firstlight.simulator.factory;

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
