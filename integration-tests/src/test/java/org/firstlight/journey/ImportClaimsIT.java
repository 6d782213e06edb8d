package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.firstlight.cli.lists.ImportCommand;
import org.firstlight.simulator.factory.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code firstlight import claims} against a running platform. */
class ImportClaimsIT {
  private record Run(int exitCode, String out, String err) {}

  @TempDir private Path root;

  @Test
  void a_file_claims_a_fleet_and_once_more_claims_nothing_twice() throws Exception {
    try (World world = World.of(root, World.Home.INSIDE_THE_TEST, Order.of(3))) {
      world.cast().announceShipment();
      Path fleet = root.resolve("claims.ndjson");
      String first = "{\"code\":\"" + world.device(0).claimCode() + "\"}\n";
      String wrong = "{\"code\":\"AAAA-BBBB-CCCC-DDDD\"}\n";
      String second = "{\"code\":\"" + world.device(1).claimCode() + "\"}\n";
      // the second device and the wrong code go in another piece than the first
      Files.writeString(fleet, first + "\n".repeat(599) + wrong + second);
      Path token = root.resolve("token");
      Files.writeString(token, administratorToken(world) + "\n");
      List<String> arguments =
          List.of(
              "--tenant",
              Cast.PROVIDER,
              "--api",
              world.httpUri().toString(),
              "--token-file",
              token.toString());

      Run run = run(fleet, arguments);
      Files.writeString(fleet, first + second);
      Run again = run(fleet, arguments);
      Run missing = run(root.resolve("nothing.ndjson"), arguments);

      assertThat(run.exitCode()).as(run.toString()).isEqualTo(3);
      assertThat(run.out())
          .contains("line 601: no device can be claimed with this code")
          .contains("2 devices claimed, 1 lines refused")
          .doesNotContain("AAAA", world.device(0).claimCode());
      assertThat(again.exitCode()).as(again.toString()).isZero();
      assertThat(again.out()).contains("2 devices claimed, 0 lines refused");
      assertThat(missing.exitCode()).isEqualTo(1);
      assertThat(missing.err()).contains("is no file that can be read");
      JsonNode owned = world.cast().provider().get("/devices");
      assertThat(owned.path("items").findValuesAsText("state"))
          .containsExactly("CLAIMED", "CLAIMED");
    }
  }

  private static String administratorToken(World world) {
    return world
        .cast()
        .administrator()
        .post("/tokens", Map.of("name", "import"))
        .done()
        .path("token")
        .asText();
  }

  private static Run run(Path file, List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        new CommandLine(new ImportCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] words =
        Stream.concat(Stream.of("claims", file.toString()), arguments.stream())
            .toArray(String[]::new);
    int exitCode = line.execute(words);
    return new Run(exitCode, out.toString(), err.toString());
  }
}
