package org.firstlight.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That it measures, not how fast anything is. */
@Tag("long")
class StateBenchIT {
  @TempDir private Path folder;

  @Test
  void every_measure_has_a_row_for_ours_and_for_the_peer() throws Exception {
    Path json = folder.resolve("state.json");
    Path markdown = folder.resolve("state.md");

    int exit =
        new CommandLine(new Bench())
            .execute(
                "state",
                "--quick",
                "--devices=200",
                "--filled=300",
                "--seconds=0.2",
                "--subjects=firstlight,leshan-redis-tuned",
                "--json=" + json,
                "--markdown=" + markdown);

    assertThat(exit).isZero();
    List<JsonNode> rows = rows(json);
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.path("bench").asText()).isEqualTo("state"))
        .extracting(row -> row.path("measure").asText())
        .contains(
            "updates_per_second",
            "update_p99_ms_at_a_tenth",
            "update_cpu",
            "update_round_trips",
            "registers_per_second",
            "first_registers_per_second",
            "observes_per_second",
            "notifies_per_second",
            "sends_per_second",
            "expiry_seconds",
            "list_rare_ms",
            "start_seconds",
            "heap_bytes_with_exchanges",
            "redis_bytes_of_registration",
            "redis_bytes",
            "redis_event_megabytes");
    assertThat(rows)
        .filteredOn(row -> row.path("measure").asText().equals("updates_per_second"))
        .filteredOn(row -> row.path("peer").asText().equals("leshan-redis-tuned"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.path("devices").asInt()).isEqualTo(200);
              assertThat(row.path("ours").asDouble()).isPositive();
              assertThat(row.path("theirs").asDouble()).isPositive();
              assertThat(row.path("ratio").asDouble()).isPositive();
              assertThat(row.path("target").asDouble()).isEqualTo(5);
              assertThat(row.path("met").isBoolean()).isTrue();
            });
    assertThat(markdown).content().contains("| Updates, durable, /s |", "300 devices");
  }

  private static List<JsonNode> rows(Path json) throws Exception {
    JsonNode bench = new ObjectMapper().readTree(Files.readString(json)).path("bench");
    return StreamSupport.stream(bench.spliterator(), false).toList();
  }
}
