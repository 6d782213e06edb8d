package org.firstlight.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.firstlight.kit.crypto.CryptoProvider;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.device.DeviceOptions;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.device.SimulatedFleet;
import org.firstlight.simulator.euicc.EuiccProcess;
import org.firstlight.simulator.objects.LwM2mRelease;
import org.firstlight.simulator.pem.PemFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code simulate}: devices of a factory's folder, until SIGTERM. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs simulated devices; prints one JSON line per step.",
      "Their radio and first IP path are assumed; their eUICCs run in a process of their own."
    })
public final class SimulatorMain implements Callable<Integer> {
  @Option(
      names = "--devices",
      required = true,
      description = "Folder with a folder per device, as the factory wrote it.")
  private Path devices = Path.of("");

  @Option(names = "--euicc", required = true, description = "The eUICCs' folder.")
  private Path euiccFolder = Path.of("");

  @Option(
      names = "--bootstrap",
      required = true,
      description = "coaps URI of the Bootstrap-Server; its host must stand in the certificate.")
  private URI bootstrap = URI.create("coaps://localhost:5684");

  @Option(
      names = "--trust",
      required = true,
      description = "CA of the Bootstrap-Server's certificate, PEM.")
  private Path trust = Path.of("");

  @Option(names = "--state", description = "Folder where devices keep what they were given.")
  private @Nullable Path state;

  @Option(names = "--cloud", description = "URI of the cloud that the credential in /19 is for.")
  private @Nullable URI cloud;

  @Option(names = "--only", description = "Endpoint name of a device to run; may be repeated.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--lwm2m", defaultValue = "1.1", description = "1.0 or 1.1 (${DEFAULT-VALUE}).")
  private String release = "1.1";

  @Option(
      names = "--fast",
      description = "Impatient: for servers on the same machine, never for a real network.")
  private boolean fast;

  public static void main(String[] args) {
    System.exit(new CommandLine(new SimulatorMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream lines = System.out;
    System.setOut(System.err); // nothing but steps on standard output
    CryptoProvider.install(Optional.empty());
    DeviceOptions options =
        DeviceOptions.of(bootstrap, PemFiles.readCertificate(trust))
            .with(fast ? Timing.fast() : Timing.standard())
            .with(LwM2mRelease.parse(release));
    if (cloud != null) {
      options = options.usingCloud(cloud);
    }
    Optional<Path> stateFolder = Optional.ofNullable(state);
    if (stateFolder.isPresent()) {
      PemFiles.createFolder(stateFolder.get());
    }
    List<DeviceFolder> chosen =
        DeviceFolder.readAll(devices).stream()
            .filter(device -> only.isEmpty() || only.contains(device.endpointName().value()))
            .toList();
    try (EuiccProcess euicc = EuiccProcess.start(euiccFolder);
        SimulatedFleet fleet =
            SimulatedFleet.start(
                chosen,
                options,
                stateFolder,
                euicc,
                step -> print(lines, step),
                Clock.systemUTC())) {
      waitForTheEnd(fleet, euicc);
    }
    return 0;
  }

  private static void print(PrintStream lines, DeviceStep step) {
    synchronized (lines) {
      lines.println(step.toJson());
      lines.flush();
    }
  }

  /** SIGTERM or Ctrl-C: the devices say goodbye before the process goes. */
  private static void waitForTheEnd(SimulatedFleet fleet, EuiccProcess euicc)
      throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  fleet.close();
                  euicc.close();
                },
                "goodbye"));
    new CountDownLatch(1).await();
  }
}
