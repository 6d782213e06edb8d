package org.firstlight.benchmarks.powercut;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.benchmarks.process.Workplace;
import org.firstlight.cli.Firstlight;
import org.firstlight.kit.crypto.CryptoProvider;
import org.firstlight.simulator.factory.CrowdFactory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./firstlight bench power-cut}. */
@Command(
    name = "power-cut",
    mixinStandardHelpOptions = true,
    description = {
      "Devices by the thousand come in for the first time, all at once; then their power is cut,",
      "and all come back at once. Both servers, Redis and the crowd are processes of their own.",
      "At the end each device's registration and certificate are looked up."
    })
public final class PowerCutCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIFETIME_SECONDS = 86_400;

  @Option(names = "--devices", defaultValue = "20000", description = "Default ${DEFAULT-VALUE}.")
  private int devices;

  @Option(
      names = "--sessions-at-once",
      defaultValue = "5000",
      description = "bootstrap.sessionsAtOnce (${DEFAULT-VALUE}).")
  private int sessionsAtOnce;

  @Option(
      names = "--addresses",
      defaultValue = "16000",
      description = "Devices awake at once (${DEFAULT-VALUE}).")
  private int addresses;

  @Option(names = "--jitter", defaultValue = "2", description = "Seconds (${DEFAULT-VALUE}).")
  private int jitter;

  @Option(
      names = "--forgetful",
      defaultValue = "0",
      description = "Per cent that bootstrap again after the cut (${DEFAULT-VALUE}).")
  private int forgetful;

  @Option(
      names = "--limit",
      defaultValue = "1800",
      description = "Seconds for each half (${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws Exception {
    try (Workplace place = Workplace.open();
        RedisProcess redis = RedisProcess.start(place.folder().resolve("redis"))) {
      return measure(place.folder(), redis);
    }
  }

  private int measure(Path folder, RedisProcess redis) throws IOException, InterruptedException {
    CryptoProvider.install(Optional.empty());
    Path made = folder.resolve("made");
    System.err.printf("making %,d devices …%n", devices);
    Shipment shipment = new CrowdFactory(made, Clock.systemUTC()).make(Order.of(devices));
    try (CrowdPlatform platform = CrowdPlatform.start(folder, redis, sessionsAtOnce)) {
      System.err.println("announcing and claiming them …");
      platform.expect(shipment, LIFETIME_SECONDS);
      String before = Files.readString(Path.of("/proc/loadavg")).strip();
      Path held = folder.resolve("held");
      Path lines = folder.resolve("crowd.log");
      JsonNode phases;
      String costs;
      try (JavaProcess crowd = crowd(made, platform, held, lines)) {
        Meters meters =
            new Meters(
                lines,
                List.of(
                    new Meters.Meter("bootstrap server", platform.bootstrap()::cpuSeconds),
                    new Meters.Meter("DM server", platform.dm()::cpuSeconds),
                    new Meters.Meter("Redis", redis::cpuSeconds),
                    new Meters.Meter("crowd", crowd::cpuSeconds)),
                () -> resident(crowd.pid()));
        Thread watching = new Thread(meters, "meters");
        watching.setDaemon(true);
        watching.start();
        phases = JSON.readTree(crowd.await("["));
        costs = meters.end();
      }
      System.out.printf("load average before: %s%n", before);
      phases.forEach(phase -> System.out.println(phase.toPrettyString()));
      System.out.print(costs);
      System.err.println("asking the platform for each device …");
      return compare(platform, held);
    }
  }

  private JavaProcess crowd(Path made, CrowdPlatform platform, Path held, Path lines) {
    return JavaProcess.start(
        List.of(),
        List.of("-Xmx2g", "-Dfirstlight.home=" + made),
        Firstlight.class.getName(),
        List.of(
            "crowd",
            "--devices=" + made,
            "--bootstrap=" + platform.bootstrapUri(),
            "--trust=" + platform.serverCa(),
            "--schedule=power-cut",
            "--jitter=" + jitter,
            "--forgetful=" + forgetful,
            "--addresses=" + addresses,
            "--limit=" + limit,
            "--certificates=" + held),
        lines);
  }

  private int compare(CrowdPlatform platform, Path held) throws IOException {
    Map<String, String> certificates = new TreeMap<>();
    for (String line : Files.readAllLines(held)) {
      certificates.put(line.split(" ")[0], line.split(" ")[1]);
    }
    Reconciliation end = Reconciliation.of(platform.api(), certificates);
    System.out.printf(
        "of %d devices %d hold a certificate; the platform has %d registered, and of %d the same"
            + " certificate%n",
        devices, end.devices(), end.registered(), end.sameCertificate());
    end.wrong().stream().limit(10).forEach(name -> System.out.println("not so: " + name));
    System.out.println(platform.api().get("/device-counts"));
    return end.isWhole(devices) ? 0 : 1;
  }

  /** Bytes of memory that a process holds. */
  private static long resident(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
