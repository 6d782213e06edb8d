package org.firstlight.benchmarks.powercut;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.benchmarks.process.OurServer;
import org.firstlight.benchmarks.process.Ports;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.Firstlight;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.pem.PemFiles;

/** Both servers, each a process of its own, as users run them, and what a crowd needs there. */
final class CrowdPlatform implements AutoCloseable {
  private static final int PIECE = 500;
  private static final String OWNER = "harbour";

  private final Path folder;
  private final JavaProcess dm;
  private final JavaProcess bootstrap;
  private final URI bootstrapUri;

  private CrowdPlatform(Path folder, JavaProcess dm, JavaProcess bootstrap, URI bootstrapUri) {
    this.folder = folder;
    this.dm = dm;
    this.bootstrap = bootstrap;
    this.bootstrapUri = bootstrapUri;
  }

  /** When this returns, both are ready. */
  static CrowdPlatform start(Path folder, RedisProcess redis, int sessionsAtOnce)
      throws IOException {
    int dmPort = Ports.udp();
    int bootstrapPort = Ports.udp();
    Path dmConfig = folder.resolve("dm.yaml");
    Path bootstrapConfig = folder.resolve("bootstrap.yaml");
    String both =
        """
        redis: { mode: standalone, nodes: ["%s"] }
        http: { port: 0 }
        dm: { host: 127.0.0.1, port: %d, publicUri: "coaps://localhost:%d" }
        bootstrap: { host: 127.0.0.1, port: %d, healthPort: 0, sessionsAtOnce: %d }
        """
            .formatted(redis.address(), dmPort, dmPort, bootstrapPort, sessionsAtOnce);
    Files.writeString(dmConfig, "node: n1\ndataDirectory: dm\n" + both);
    Files.writeString(bootstrapConfig, "node: n2\ndataDirectory: bootstrap\n" + both);
    JavaProcess dm = server(folder, "dm-server", dmConfig);
    try {
      copy(folder.resolve("dm").resolve("keys"), folder.resolve("bootstrap").resolve("keys"));
      copy(folder.resolve("dm").resolve("pki"), folder.resolve("bootstrap").resolve("pki"));
      return new CrowdPlatform(
          folder,
          dm,
          server(folder, "bootstrap-server", bootstrapConfig),
          URI.create("coaps://localhost:" + bootstrapPort));
    } catch (IOException | RuntimeException e) {
      dm.close();
      throw e;
    }
  }

  private static JavaProcess server(Path folder, String command, Path config) {
    JavaProcess process =
        JavaProcess.start(
            List.of(),
            List.of("-Xmx2g", "-Dfirstlight.home=" + folder.resolve("home")),
            Firstlight.class.getName(),
            List.of(command, "--config", config.toString()),
            folder.resolve(command + ".log"));
    process.await("ready");
    return process;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path target = to.resolve(from.relativize(one));
        Files.createDirectories(target.getParent());
        Files.copy(one, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  JavaProcess dm() {
    return dm;
  }

  JavaProcess bootstrap() {
    return bootstrap;
  }

  URI bootstrapUri() {
    return bootstrapUri;
  }

  Path serverCa() {
    return folder.resolve("dm").resolve("pki").resolve("server-ca.pem");
  }

  ApiClient api() {
    return OurServer.api(folder);
  }

  /** Manufacturer, plan, shipment and owner: every device may come in. */
  void expect(Shipment shipment, int lifetimeSeconds) throws IOException {
    ApiClient api = api();
    Order order = shipment.order();
    api.put("/tenants/" + OWNER, Map.of("name", "Harbour", "kind", "SERVICE_PROVIDER"));
    String maker = "/manufacturers/" + order.manufacturer();
    api.put(
        maker,
        Map.of(
            "name",
            "Acme",
            "anchors",
            List.of(PemFiles.toPem(shipment.manufacturer().certificate())),
            "identityRule",
            order.rule().name(),
            "namespace",
            order.namespace()));
    String challenge = api.get(maker).path("authorities").path(0).path("challenge").asText();
    if (!challenge.isEmpty()) {
      api.post(
          maker + "/proofs",
          Map.of("certificate", shipment.manufacturer().proof(challenge, Instant.now())));
    }
    api.put(
        "/onboarding-plans/crowd",
        Map.of(
            "account",
            Map.of("lifetime", lifetimeSeconds, "binding", "UQ"),
            "credential",
            "est",
            "subscription",
            "none",
            "apns",
            Map.of("0", Map.of("0", "default", "1", "iot.example", "4", "3")),
            "cellular",
            Map.of("4", "3600")));
    inPieces(api, "/devices", shipment.list());
    inPieces(
        api,
        "/claims?tenant=" + OWNER,
        shipment.root().resolve("factory").resolve("claims.ndjson"));
  }

  private static void inPieces(ApiClient api, String path, Path list) throws IOException {
    List<String> lines = Files.readAllLines(list);
    for (int from = 0; from < lines.size(); from += PIECE) {
      List<String> piece = lines.subList(from, Math.min(lines.size(), from + PIECE));
      JsonNode result = api.postLines(path, String.join("\n", piece));
      if (!result.path("refused").isEmpty()) {
        throw new IllegalStateException(path + " refused: " + result.path("refused").get(0));
      }
    }
  }

  @Override
  public void close() {
    bootstrap.close();
    dm.close();
  }
}
