package org.firstlight.simulator.factory;

import org.firstlight.fleet.trust.IdentityRule;

/**
 * What a factory is asked to make.
 *
 * @param manufacturer id of the manufacturer at the platform
 * @param namespace prefix of the endpoint names; the serial number follows
 * @param rule where in the factory certificate the device's id stands
 * @param operatorId organizationIdentifier of the operator's signing certificate
 */
public record Order(
    int devices,
    String manufacturer,
    String model,
    String namespace,
    IdentityRule rule,
    String operatorId) {

  public static Order of(int devices) {
    return new Order(
        devices,
        "acme",
        "FL-1",
        "urn:dev:ops:00005E-FL1-",
        IdentityRule.SAN_URI,
        "firstlight-mobile");
  }

  public Order withRule(IdentityRule other) {
    return new Order(devices, manufacturer, model, namespace, other, operatorId);
  }

  public Order {
    if (devices < 1 || devices > 100_000) {
      throw new IllegalArgumentException("a factory makes 1 to 100000 devices at a time");
    }
  }
}
