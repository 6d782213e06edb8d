package org.firstlight.simulator.factory;

import java.nio.file.Path;
import java.util.List;

/** What left the factory, and where each party's part of it lies. */
public record Shipment(Path root, Order order, List<ShippedDevice> devices) {
  public Shipment {
    devices = List.copyOf(devices);
  }

  /** NDJSON for {@code POST /devices}. */
  public Path list() {
    return root.resolve("factory").resolve("shipment.ndjson");
  }

  /** The manufacturer's trust anchor. */
  public Path manufacturerCa() {
    return root.resolve("factory").resolve("ca.pem");
  }

  /** The manufacturer's CA with its key. */
  public Authority manufacturer() {
    return Authority.read(root.resolve("factory"), "ca");
  }

  public Path euiccRoot() {
    return root.resolve("factory").resolve("euicc-root.pem");
  }

  public Path subscriptionRoot() {
    return root.resolve("euicc").resolve("subscription-root.pem");
  }

  /** One folder per device; what the simulator takes. */
  public Path devicesFolder() {
    return root.resolve("devices");
  }

  /** What the eUICC process alone reads. */
  public Path euiccFolder() {
    return root.resolve("euicc");
  }

  /** What the operator's process alone reads. */
  public Path operatorFolder() {
    return root.resolve("operator");
  }
}
