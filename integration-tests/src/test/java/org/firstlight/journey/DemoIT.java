package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.firstlight.cli.Firstlight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, as a newcomer runs it. */
class DemoIT {
  @Test
  void the_demo_takes_its_devices_to_the_end_and_leaves_no_process(@TempDir Path folder)
      throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Path file = folder.resolve("report.json");

    Child demo =
        Child.java(
            folder.resolve("demo.out"),
            List.of("-Dfirstlight.home=" + folder.resolve("home")),
            Firstlight.class.getName(),
            List.of(
                "demo",
                "--once",
                "--fast",
                "--devices=2",
                "--http=0",
                "--data=" + data,
                "--report=" + file));

    assertThat(demo.end()).as(demo.output()).isZero();
    JsonNode report = Api.tree(Files.readString(file));
    assertThat(report.path("ok").asBoolean()).isTrue();
    assertThat(report.path("devices")).hasSize(2).allSatisfy(DemoIT::isConfigured);
    assertThat(demo.output()).contains("2 of 2 devices configured");
    for (JsonNode device : report.path("devices")) {
      assertThat(demo.output()).contains(device.path("endpointName").asText());
    }
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process -> process.info().commandLine().orElse("").contains(data.toString()));
  }

  private static void isConfigured(JsonNode device) {
    assertThat(device.path("endpointName").asText()).startsWith("urn:");
    assertThat(device.path("state").asText()).isEqualTo("CONFIGURED");
    JsonNode steps = device.path("steps");
    assertThat(steps)
        .extracting(step -> step.path("name").asText())
        .containsExactlyInAnyOrder(
            "handshake",
            "admission",
            "plan",
            "enrolment",
            "bootstrap",
            "subscription",
            "register",
            "configuration");
    for (JsonNode step : steps) {
      assertThat(step.path("ms").isIntegralNumber()).isTrue();
      assertThat(step.path("ok").asBoolean()).isTrue();
      switch (step.path("name").asText()) {
        case "enrolment" -> assertThat(step.path("credential").asText()).isEqualTo("est");
        case "subscription" -> {
          assertThat(step.path("delivery").asText()).isEqualTo("push");
          assertThat(step.path("receipt").asText()).isEqualTo("verified");
        }
        default -> assertThat(step.path("name").asText()).isNotEmpty();
      }
    }
  }
}
