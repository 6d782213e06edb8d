package org.firstlight.simulator.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CrowdCommandTest {
  @TempDir private Path folder;

  private final StringWriter words = new StringWriter();

  private int run(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--devices=" + folder, "--bootstrap=coaps://localhost:1", "--trust=none"));
    arguments.addAll(List.of(more));
    return new CommandLine(new CrowdCommand())
        .setErr(new PrintWriter(words, true))
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              words.append(e.getMessage());
              return 1;
            })
        .execute(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "--schedule=weekly, 'a schedule is once, power-cut or daily-report'",
    "--part=0/4, a part is such as 1/4",
    "--part=5/4, a part is such as 1/4",
    "--part=half, a part is such as 1/4",
    "--jitter=-1, --jitter is 0 or more",
    "--forgetful=101, --forgetful is 0 to 100",
    "--addresses=0, --addresses is 1 to 60000",
    "--period=0, --period and --days are 1 or more",
    "--limit=0, --awake and --limit are 1 or more"
  })
  void what_makes_no_sense_is_said(String argument, String told) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(words.toString()).contains(told);
  }

  @Test
  void parts_share_the_devices_and_each_has_one() {
    List<Integer> all = IntStream.range(0, 11).boxed().toList();
    List<Integer> together = new ArrayList<>();
    for (int number = 1; number <= 4; number++) {
      List<Integer> share = new Part.Text().convert(number + "/4").share(all);
      assertThat(share).hasSizeBetween(2, 3);
      together.addAll(share);
    }
    assertThat(together).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void folder_of_another_kind_is_said() {
    assertThat(run("--schedule=power-cut")).isEqualTo(1);
    assertThat(words.toString()).contains("no folder that `factory --crowd` made");
  }
}
