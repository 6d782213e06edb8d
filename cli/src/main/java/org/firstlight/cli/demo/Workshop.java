package org.firstlight.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;

/**
 * The demo's folder: what a factory made, what the service provider's cloud expects, and the
 * platform's configuration. Made at the first start, found again at every later one.
 */
final class Workshop {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final DemoSettings settings;
  private final Path config;

  Workshop(DemoSettings settings) {
    this.settings = settings;
    this.config = settings.data().resolve("firstlight.yaml");
  }

  /** The devices that left the factory; how many was decided at the first start. */
  Shipment shipment() throws IOException {
    Order order = Order.of(settings.devices());
    if (Files.exists(settings.data().resolve("factory").resolve("shipment.ndjson"))) {
      return new Shipment(settings.data(), order, shipped(Factory.shipmentList(settings.data())));
    }
    return new Factory(settings.data(), Clock.systemUTC()).make(order);
  }

  /** What the devices shall show to the service provider's cloud. */
  byte[] cloudCredential() throws IOException {
    Path file = settings.data().resolve("provider").resolve("cloud-credential");
    if (!Files.exists(file)) {
      byte[] credential = new byte[24];
      new SecureRandom().nextBytes(credential);
      PemFiles.writeSecret(file, HexFormat.of().formatHex(credential));
    }
    return HexFormat.of().parseHex(Files.readString(file).strip());
  }

  /** The platform's configuration, with the ports of the last start if there was one. */
  FirstlightConfig config(Shipment shipment) throws IOException, ConfigException {
    int bootstrap = 0;
    int dm = 0;
    if (Files.exists(config)) {
      FirstlightConfig last = ConfigFile.read(config);
      bootstrap = last.bootstrap().port();
      dm = last.dm().port();
    }
    return write(shipment, bootstrap, dm);
  }

  /** Keeps the ports that the system chose: devices come back to where they were told to. */
  void keepPorts(Shipment shipment, int bootstrap, int dm) throws IOException, ConfigException {
    write(shipment, bootstrap, dm);
  }

  private FirstlightConfig write(Shipment shipment, int bootstrap, int dm)
      throws IOException, ConfigException {
    Files.writeString(
        config,
        """
        # what the demo's platform runs on; `./firstlight up --config` takes it too
        dataDirectory: platform
        http: { port: %d }
        bootstrap: { host: 127.0.0.1, port: %d }
        dm: { host: 127.0.0.1, port: %d, publicUri: "coaps://localhost:%d" }
        custody:
          subscriptionRoots: [ %s ]
          euiccRoots: [ %s ]
        """
            .formatted(
                settings.httpPort(),
                bootstrap,
                dm,
                dm == 0 ? 5684 : dm,
                settings.data().relativize(shipment.subscriptionRoot()),
                settings.data().relativize(shipment.euiccRoot())));
    return ConfigFile.read(config);
  }

  private static List<ShippedDevice> shipped(String list) throws IOException {
    List<ShippedDevice> devices = new ArrayList<>();
    for (String line : list.lines().toList()) {
      JsonNode device = JSON.readTree(line);
      devices.add(
          new ShippedDevice(
              new EndpointName(device.path("endpointName").asText()),
              device.path("manufacturer").asText(),
              device.path("factoryId").asText(),
              device.path("model").asText(),
              device.path("serialNumber").asText(),
              new Eid(device.path("eid").asText()),
              device.path("claimCode").asText(),
              device.path("factoryKeySha256").asText()));
    }
    return devices;
  }
}
