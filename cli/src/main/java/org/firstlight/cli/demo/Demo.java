package org.firstlight.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.Logs;
import org.firstlight.cli.platform.LocalAccess;
import org.firstlight.cli.platform.Platform;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.simulator.cloud.CloudListener;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;

/**
 * The demo, from an empty folder to configured devices. The platform's data, the factory, the
 * operator, the eUICCs and the devices each have a folder of their own.
 */
final class Demo {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PATIENCE_FOR_WAITING = Duration.ofSeconds(20);

  private final DemoSettings settings;
  private final PrintStream out;
  private final JourneyPrinter printer;
  private final Shutdown shutdown = new Shutdown(Duration.ofSeconds(20)).onSignal();

  Demo(DemoSettings settings, PrintStream out, boolean colours) {
    this.settings = settings;
    this.out = out;
    this.printer = new JourneyPrinter(out, colours);
  }

  /** Exit code: 0 if every device ended in {@code CONFIGURED}. */
  int run() throws Exception {
    if (settings.throwAway()) {
      shutdown.closing("data", () -> deleteTree(settings.data()));
    }
    try {
      return play();
    } finally {
      shutdown.close();
    }
  }

  private int play() throws Exception {
    printer.headline("Firstlight: %d factory-fresh devices".formatted(settings.devices()));
    Workshop workshop = new Workshop(settings);
    Shipment shipment = workshop.shipment();
    FirstlightConfig config = workshop.config(shipment);
    Logs.into(config.dataDirectory());
    Platform platform = shutdown.closing("platform", Platform.start(config, Clock.systemUTC()));
    LocalAccess.publish(platform);
    workshop.keepPorts(
        shipment,
        platform.bootstrapServer().coapsAddress().getPort(),
        platform.dmServer().coapsAddress().getPort());
    byte[] credential = workshop.cloudCredential();
    CloudListener cloud = shutdown.closing("cloud", CloudListener.start(credential));
    ApiClient administrator =
        new ApiClient(platform.httpUri(), platform.administrator().apiToken("demo"));
    Cast cast = Cast.introduce(administrator, shipment);
    cast.importDevices();
    cast.importSubscriptions(new SealingProcess(shipment).run());
    cast.writePlan();
    cast.writeConfiguration("hex:" + HexFormat.of().formatHex(credential));

    printer.line("bootstrap  " + platform.bootstrapUri(config));
    printer.line("console    " + signInLink(platform));
    printer.line("simulated: the devices, their radio, their eUICCs, the operator's sealing");
    printer.headline("The journey");
    Ending ending = new Ending(administrator, shipment);
    shutdown.closing("events", Watcher.start(administrator, printer::event));
    shutdown.closing(
        "devices",
        DeviceProcess.start(
            shipment,
            platform.bootstrapUri(config),
            platform.pki().serverCa(),
            cloud.uri(),
            settings.fast()));
    claimAll(cast, shipment);
    Report report = ending.await(PATIENCE);
    if (settings.report().isPresent()) {
      report.write(settings.report().get());
    }
    summary(report, cloud);
    if (!settings.once()) {
      printer.line("the devices stay registered; the console is live; Ctrl-C ends it");
      shutdown.await();
    }
    return report.ok() ? 0 : 1;
  }

  /** A device without an owner waits: with time to watch, the last one is claimed while it does. */
  private void claimAll(Cast cast, Shipment shipment) throws InterruptedException {
    List<ShippedDevice> devices = shipment.devices();
    for (ShippedDevice device : devices) {
      if (!settings.fast() && device.equals(devices.get(devices.size() - 1))) {
        cast.awaitWaiting(device, PATIENCE_FOR_WAITING);
      }
      cast.claim(device);
    }
  }

  private void summary(Report report, CloudListener cloud) {
    printer.headline(
        "%d of %d devices configured"
            .formatted(
                report.devices().stream().filter(d -> d.state().equals("CONFIGURED")).count(),
                report.devices().size()));
    for (Report.DeviceReport device : report.devices()) {
      printer.line("%-34s %s".formatted(device.endpointName(), device.state()));
    }
    printer.line(
        "%d used the cloud credential that their owner sent them"
            .formatted(cloud.accepted().size()));
  }

  private String signInLink(Platform platform) {
    return platform
        .administrator()
        .oneTimeLink(platform.httpUri().toString(), Duration.ofHours(12));
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
