package org.firstlight.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.operator.RandomSubscriptions;

/**
 * The mobile operator's side: a subscription for each eUICC, sealed by {@code firstlight seal} in a
 * process of its own, with the operator's key and the eUICC makers' roots. The platform gets the
 * sealed packages and nothing else.
 */
final class SealingProcess {
  private final Shipment shipment;

  SealingProcess(Shipment shipment) {
    this.shipment = shipment;
  }

  /** The file to import. */
  Path run() throws IOException, InterruptedException {
    Path operator = shipment.operatorFolder();
    Path subscriptions = operator.resolve("subscriptions.csv");
    Path sealed = operator.resolve("sealed.ndjson");
    Path log = operator.resolve("seal.log");
    if (Files.exists(sealed)) {
      return sealed;
    }
    RandomSubscriptions.write(
        subscriptions, shipment.devices().stream().map(ShippedDevice::eid).toList());
    Process process =
        ChildJvm.start(
            List.of(
                "seal",
                "--subscriptions=" + subscriptions,
                "--euicc-certificates=" + operator.resolve("euicc-certificates"),
                "--euicc-roots=" + operator.resolve("euicc-roots.pem"),
                "--operator-key=" + operator.resolve("operator.key.pem"),
                "--operator-certificate=" + operator.resolve("operator.pem"),
                "--out=" + sealed),
            log);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("seal refused: " + Files.readString(log).strip());
    }
    return sealed;
  }
}
