package org.firstlight.simulator.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.firstlight.simulator.SimulatorMain;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.operator.EuiccDirectory;
import org.firstlight.simulator.operator.RandomSubscriptions;
import org.firstlight.simulator.operator.SealRun;
import org.firstlight.simulator.operator.SubscriptionList;
import org.firstlight.simulator.pem.PemFiles;
import org.firstlight.simulator.subscription.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulator as a process, with its eUICC process beside it and every log at TRACE. */
class SimulatorProcessIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  @TempDir Path folder;

  @Test
  void device_process_shows_its_steps_and_never_the_subscription() throws Exception {
    Shipment shipment = new Factory(folder.resolve("f"), Clock.systemUTC()).make(Order.of(1));
    String name = shipment.devices().get(0).endpointName().value();
    Path csv = shipment.operatorFolder().resolve("subscriptions.csv");
    RandomSubscriptions.write(csv, List.of(shipment.devices().get(0).eid()));
    Subscription canary =
        SubscriptionList.parse(Files.readString(csv)).rows().get(0).subscription();
    Path steps = folder.resolve("steps.ndjson");
    Path log = folder.resolve("log.txt");
    try (LeshanServers servers =
        new LeshanServers(PemFiles.readCertificate(shipment.manufacturerCa()))) {
      servers.addDmServer();
      List<BootstrapDownlinkRequest<? extends LwM2mResponse>> plan =
          new ArrayList<>(LeshanServers.deletes());
      plan.addAll(servers.account(0, name));
      plan.add(LeshanServers.writeOpaque("/505/0/3", sealed(shipment, csv)));
      servers.plan = plan;
      Process process = simulator(shipment, servers, steps, log);
      try {
        await().atMost(SOON).until(() -> servers.registration(0, name).isPresent());
        process.destroy(); // SIGTERM
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(servers.registration(0, name)).isEmpty(); // it said goodbye
    }

    assertThat(Files.readString(steps).lines())
        .allMatch(line -> line.startsWith("{\"at\":\""))
        .anyMatch(line -> line.contains("\"step\":\"claim-code\""))
        .anyMatch(line -> line.contains("\"outcome\":\"enabled\""))
        .anyMatch(line -> line.contains("\"step\":\"register\",\"ok\":true"))
        .anyMatch(line -> line.contains("\"step\":\"de-register\""));
    String all = Files.readString(steps) + Files.readString(log);
    assertThat(all).contains(canary.iccid()); // what may be shown is found by the same search
    assertThat(all.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain(canary.imsi())
        .doesNotContain(HexFormat.of().formatHex(canary.k()))
        .doesNotContain(HexFormat.of().formatHex(canary.opc()));
    assertThat(all).doesNotContain(Base64.getEncoder().encodeToString(canary.k()));
  }

  private Process simulator(Shipment shipment, LeshanServers servers, Path steps, Path log) {
    Path trust = folder.resolve("trust.pem");
    PemFiles.writeCertificates(trust, servers.serverCa.certificate());
    try {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Dlogback.configurationFile=trace.xml",
              "-cp",
              System.getProperty("java.class.path"),
              SimulatorMain.class.getName(),
              "--devices=" + shipment.devicesFolder(),
              "--euicc=" + shipment.euiccFolder(),
              "--bootstrap=" + servers.bootstrapUri(),
              "--trust=" + trust,
              "--fast")
          .redirectOutput(steps.toFile())
          .redirectError(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sealed(Shipment shipment, Path csv) throws IOException {
    Path operator = shipment.operatorFolder();
    Instant now = Instant.now();
    String line =
        new SealRun(
                PemFiles.readKey(operator.resolve("operator.key.pem")),
                PemFiles.readCertificate(operator.resolve("operator.pem")),
                new EuiccDirectory(
                    operator.resolve("euicc-certificates"),
                    PemFiles.readCertificates(operator.resolve("euicc-roots.pem"))),
                operator,
                Clock.systemUTC())
            .seal(Files.readString(csv), now.minusSeconds(60), now.plusSeconds(3600))
            .lines()
            .get(0);
    String base64 = line.substring(line.indexOf("\"sealed\":\"") + 10, line.lastIndexOf('"'));
    return Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
  }
}
