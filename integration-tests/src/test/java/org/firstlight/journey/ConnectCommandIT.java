package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.firstlight.cli.Firstlight;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code firstlight connect} beside {@code firstlight up}, each in a process of its own. */
class ConnectCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path root;
  private static PlatformProcess platform;

  @BeforeAll
  static void start() throws Exception {
    Path config = root.resolve("firstlight.yaml");
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
  }

  @AfterAll
  static void stop() {
    platform.stop();
  }

  @Test
  void what_it_prints_lets_a_client_in_and_its_exchanges_are_shown_and_kept() throws Exception {
    Path export = root.resolve("session.json");
    Child connect = connect("bench-1", "--psk", "--export", export.toString());
    try {
      eventually(() -> assertThat(connect.output()).contains("waiting for your client"));
      JsonNode connection = printed(connect.output());
      assertThat(connect.output()).contains("./lwm2mclient -4 -b -n bench-1 -h localhost");

      try (EngineersClient client = EngineersClient.bootstrapping(connection)) {
        client.isRegistered();
        eventually(
            () ->
                assertThat(connect.output())
                    .containsPattern("Write +/0/1 +2\\.04")
                    .containsPattern("Finish +/ +2\\.04")
                    .contains("device.bootstrapped", "device.registered", "registered by LwM2M"));
      }
    } finally {
      connect.stop();
    }

    JsonNode kept = JSON.readTree(export.toFile());
    assertThat(kept.path("endpointName").asText()).isEqualTo("bench-1");
    assertThat(kept.at("/sessions/0/exchanges").findValuesAsText("operation"))
        .contains("Delete", "Write", "Finish");
    assertThat(kept.path("events").findValuesAsText("type")).contains("device.registered");
    assertThat(kept.path("registrations")).isNotEmpty();
    assertThat(kept.toString())
        .doesNotContain(printed(connect.output()).at("/bootstrap/key").asText());
  }

  @Test
  void a_client_with_a_wrong_identity_is_told_of() throws Exception {
    Child connect = connect("bench-4");
    try {
      eventually(() -> assertThat(connect.output()).contains("waiting for your client"));
      JsonNode connection = printed(connect.output());
      ((ObjectNode) connection.path("bootstrap")).put("identity", "nobody");

      try (EngineersClient client = EngineersClient.bootstrapping(connection)) {
        eventually(() -> assertThat(connect.output()).contains("a handshake failed, from "));
        client.isNotRegistered();
      }
    } finally {
      connect.stop();
    }
  }

  @Test
  void without_security_it_says_which_setting_is_off() throws Exception {
    Child connect = connect("bench-2", "--nosec");

    assertThat(connect.end()).isEqualTo(1);
    assertThat(connect.output()).contains("plain coap is off", "dm.plainPort");
  }

  @Test
  void what_cannot_be_is_refused_in_words() throws Exception {
    Path noCertificate = Files.writeString(root.resolve("none.pem"), "nothing");

    Child badName = connect("bad name");
    assertThat(badName.end()).isEqualTo(1);
    assertThat(badName.output()).contains("name:").doesNotContain("Exception");
    Child unreadable = connect("bench-3", "--cert", noCertificate.toString());
    assertThat(unreadable.end()).isEqualTo(1);
    assertThat(unreadable.output()).contains("certificate:").doesNotContain("Exception");
    Child missing = connect("bench-3", "--cert", root.resolve("missing.pem").toString());
    assertThat(missing.end()).isEqualTo(1);
    assertThat(missing.output()).contains("missing.pem").doesNotContain("Exception");
  }

  private static Child connect(String... arguments) throws IOException {
    return Child.java(
        Files.createTempFile(root, "connect", ".out"),
        List.of("-Dfirstlight.home=" + root.resolve("home")),
        Firstlight.class.getName(),
        Stream.concat(Stream.of("connect"), Stream.of(arguments)).toList());
  }

  /** As an engineer reads it off the screen. */
  private static JsonNode printed(String output) {
    ObjectNode connection = JSON.createObjectNode();
    connection.put("endpointName", word(output, "endpoint +(\\S+)"));
    connection
        .putObject("bootstrap")
        .put("uri", word(output, "URI +(\\S+)"))
        .put("identity", word(output, "PSK identity +(\\S+)"))
        .put("key", word(output, "PSK key, hex +(\\S+)"));
    return connection;
  }

  private static String word(String output, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(output);
    assertThat(found.find()).as(output).isTrue();
    return found.group(1);
  }
}
