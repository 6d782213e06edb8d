package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.Firstlight;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code firstlight import shipment} beside {@code firstlight up}, of a list that openssl signed,
 * while the platform dies in the middle.
 */
class ShipmentImportIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SLOWEST_SECONDS = 900;

  @TempDir private static Path root;
  private static Path config;
  private static PlatformProcess platform;

  @BeforeAll
  static void start() throws Exception {
    config = root.resolve("firstlight.yaml");
    int dm = Ports.free();
    Files.writeString(
        config,
        """
        dataDirectory: platform
        http: { port: %d }
        bootstrap: { host: 127.0.0.1, port: %d }
        dm: { host: 127.0.0.1, port: %d, publicUri: "coaps://localhost:%d" }
        """
            .formatted(Ports.free(), Ports.free(), dm, dm));
    platform = new PlatformProcess(config);
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=shipping"
            + " -keyout key.pem -out signer.pem");
    api()
        .put(
            "/manufacturers/acme",
            Map.of(
                "name",
                "Acme",
                "anchors",
                List.of(PemFiles.toPem(Authority.create("Acme CA", Instant.now()).certificate())),
                "identityRule",
                "COMMON_NAME",
                "namespace",
                "urn:acme:",
                "shipmentSigners",
                List.of(Files.readString(root.resolve("signer.pem")))));
  }

  @AfterAll
  static void stop() {
    platform.stop();
  }

  @Test
  void list_goes_on_where_a_killed_platform_left_it() throws Exception {
    survivesDeath("small", 15_000, 10);
  }

  @Test
  @Tag("long")
  void million_bad_and_good_lines_survive_a_killed_platform() throws Exception {
    survivesDeath("large", 1_000_000, 10);
  }

  @Test
  @Tag("long")
  void million_bad_lines_and_not_a_good_one_survive_a_killed_platform() throws Exception {
    survivesDeath("hopeless", 1_000_000, 1);
  }

  /**
   * @param badEvery each of which is bad
   */
  private static void survivesDeath(String name, int lines, int badEvery) throws Exception {
    int bad = lines / badEvery;
    Path list = list(name, lines, badEvery);
    openssl(
        "cms -sign -binary -in %s -signer signer.pem -inkey key.pem -outform DER -out %s.p7s"
            .formatted(list, name));
    Child first = importing(list, name);
    eventually(() -> assertThat(applied(list)).isPositive());
    platform.kill();
    assertThat(first.end()).as(first.output()).isEqualTo(1);
    assertThat(first.output()).contains("Run the same command again").doesNotContain("Exception");
    platform = new PlatformProcess(config);

    Path report = root.resolve(name + ".report");
    Child second = importing(list, name, "--report", report.toString());
    assertThat(second.end(SLOWEST_SECONDS)).as(second.output()).isEqualTo(3);
    assertThat(second.output()).contains("%,d refused".formatted(bad));

    List<JsonNode> told = new ArrayList<>();
    for (String line : Files.readAllLines(report)) {
      told.add(JSON.readTree(line));
    }
    JsonNode end = told.remove(told.size() - 1);
    assertThat(end.path("state").asText()).isEqualTo("DONE");
    assertThat(end.path("lines").asInt()).isEqualTo(lines);
    assertThat(end.path("accepted").asInt() + end.path("unchanged").asInt()).isEqualTo(lines - bad);
    assertThat(told.stream().map(one -> one.path("line").asInt()).toList())
        .isEqualTo(IntStream.rangeClosed(1, bad).map(i -> i * badEvery).boxed().toList());
    assertThat(api().get("/device-counts?filter=model:" + name).path("total").asInt())
        .isEqualTo(lines - bad);

    // and once more, nothing is to be done
    assertThat(importing(list, name).end(SLOWEST_SECONDS)).isEqualTo(3);
  }

  private static long applied(Path list) throws IOException {
    for (JsonNode one : api().get("/shipments").path("items")) {
      if (one.path("size").asLong() == Files.size(list)) {
        assertThat(one.path("state").asText()).isNotEqualTo("DONE");
        return one.path("applied").asLong();
      }
    }
    return 0;
  }

  private static Path list(String model, int lines, int badEvery) throws IOException {
    Path list = root.resolve(model + ".ndjson");
    try (BufferedWriter out = Files.newBufferedWriter(list)) {
      for (int i = 1; i <= lines; i++) {
        String id = model + i;
        out.write(
            """
            {"endpointName":"urn:acme:%s","manufacturer":"%s","factoryId":"%s","model":"%s",\
            "serialNumber":"%s"}
            """
                .formatted(id, i % badEvery == 0 ? "other" : "acme", id, model, id));
      }
    }
    return list;
  }

  private static ApiClient api() throws IOException {
    JsonNode access = JSON.readTree(root.resolve("home/run/platform.json").toFile());
    return new ApiClient(URI.create(access.path("api").asText()), access.path("token").asText());
  }

  private static Child importing(Path list, String name, String... more) throws IOException {
    return Child.java(
        Files.createTempFile(root, "import", ".out"),
        List.of("-Dfirstlight.home=" + root.resolve("home")),
        Firstlight.class.getName(),
        Stream.concat(
                Stream.of(
                    "import",
                    "shipment",
                    list.toString(),
                    "--manufacturer",
                    "acme",
                    "--signature",
                    root.resolve(name + ".p7s").toString()),
                Stream.of(more))
            .toList());
  }

  private static void openssl(String words) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ")));
    Process process =
        new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
