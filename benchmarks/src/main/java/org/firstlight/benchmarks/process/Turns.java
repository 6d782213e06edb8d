package org.firstlight.benchmarks.process;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long a bench takes, and of whom: servers in turns, each warmed up and then measured. */
public final class Turns {
  private static final int ROUNDS = 5;

  @Option(names = "--quick", description = "Short: shows that it works, no more.")
  private boolean quick;

  @Option(names = "--rounds", description = "Default 5, quick 1; the table has the medians.")
  private Optional<Integer> rounds = Optional.empty();

  @Option(names = "--seconds", description = "Of each measurement; default 6, quick 1.")
  private Optional<Double> seconds = Optional.empty();

  @Option(
      names = "--warm-up",
      description = {
        "Seconds of the same load before each measurement, which count nothing: a JVM that compiles",
        "still takes several times as long. Default 60, quick 1."
      })
  private Optional<Double> warmUp = Optional.empty();

  @Option(
      names = "--subjects",
      description = "A part of the names to measure, such as 'accp'; default all.")
  private String subjects = "";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  public int rounds() {
    return rounds.orElse(quick ? 1 : ROUNDS);
  }

  public double seconds() {
    return seconds.orElse(quick ? 1.0 : 6);
  }

  public double warmUp() {
    return warmUp.orElse(quick ? 1.0 : 60);
  }

  /** Those that were asked for. */
  public <T> List<T> chosen(List<T> all, Function<T, String> words) {
    List<T> chosen = all.stream().filter(one -> words.apply(one).contains(subjects)).toList();
    if (chosen.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--subjects '%s' is in none of these: %s"
              .formatted(subjects, String.join("; ", all.stream().map(words).toList())));
    }
    return chosen;
  }
}
