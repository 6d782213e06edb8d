package org.firstlight.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.pem.PemFiles;

/** The devices, in a process of their own, which starts another for their eUICCs. */
final class DeviceProcess implements AutoCloseable {
  private final Process process;

  private DeviceProcess(Process process) {
    this.process = process;
  }

  /**
   * Switches every device of the shipment on.
   *
   * @param trust what their factory told them to trust
   * @param fast whether they retry at once
   */
  static DeviceProcess start(
      Shipment shipment, URI bootstrap, X509Certificate trust, URI cloud, boolean fast)
      throws IOException {
    Path anchor = shipment.devicesFolder().resolveSibling("bootstrap-trust.pem");
    PemFiles.writeCertificates(anchor, trust);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "simulate",
                "--devices=" + shipment.devicesFolder(),
                "--euicc=" + shipment.euiccFolder(),
                "--bootstrap=" + bootstrap,
                "--trust=" + anchor,
                "--state=" + shipment.root().resolve("device-state"),
                "--cloud=" + cloud));
    if (fast) {
      arguments.add("--fast");
    }
    return new DeviceProcess(ChildJvm.start(arguments, shipment.root().resolve("devices.log")));
  }

  @Override
  public void close() {
    ChildJvm.stop(process);
  }
}
