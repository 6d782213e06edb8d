package org.firstlight.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.firstlight.cli.Firstlight;
import org.firstlight.cli.platform.Platform;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types what the page says, into a shell beside a platform that runs. */
class OperationsPageIT {
  private static final String CONFIGURATION =
      """
      dataDirectory: data
      http: { port: 0 }
      bootstrap: { port: 0 }
      dm: { port: 0 }
      custody:
        subscriptionRoots: [maker/ci/subscription-root.pem]
        euiccRoots: [maker/factory/euicc-root.pem]
      """;

  @TempDir Path folder;

  @Test
  void first_fleet_stands_when_each_command_has_been_typed() throws Exception {
    List<String> commands = Page.named("operations.md").blocks("sh");
    putCommandInPlace();
    run(commands.get(0), Map.of());

    FirstlightConfig config = ConfigFile.parse(CONFIGURATION, folder);
    try (Platform platform = Platform.start(config, Clock.systemUTC())) {
      String said =
          run(
              String.join("\n", commands.subList(1, commands.size())),
              Map.of(
                  "API",
                  platform.httpUri() + "/api/v1",
                  "CODE",
                  platform.administrator().oneTimeCode(Duration.ofMinutes(5))));

      assertThat(said.lines().toList())
          .contains("1 sealed, 0 refused")
          .last()
          .asString()
          .contains("\"state\":\"CLAIMED\"", "\"state\":\"ASSIGNED\"", "\"owner\":\"things\"");
    }
  }

  /** {@code ./firstlight} without the build. */
  private void putCommandInPlace() throws IOException {
    Path command = folder.resolve("firstlight");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(
        command,
        "#!/bin/sh\nexec '%s' -cp \"$PLATFORM\" %s \"$@\"\n"
            .formatted(java, Firstlight.class.getName()));
    assertThat(command.toFile().setExecutable(true)).isTrue();
  }

  private String run(String commands, Map<String, String> variables) throws Exception {
    Path script = Files.writeString(folder.resolve("commands.sh"), "set -eu\n" + commands);
    Path output = folder.resolve("output.txt");
    ProcessBuilder shell = new ProcessBuilder("bash", script.toString()).directory(folder.toFile());
    shell.redirectErrorStream(true).redirectOutput(output.toFile());
    shell.environment().putAll(variables);
    shell.environment().put("PLATFORM", System.getProperty("java.class.path"));
    Process process = shell.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("the commands end").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
