package org.firstlight.benchmarks.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.firstlight.benchmarks.process.Workplace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./firstlight bench state}. */
@Command(
    name = "state",
    mixinStandardHelpOptions = true,
    description = {
      "Registrations, observations and lists: ours beside Leshan's stores, in turns, each on a",
      "fresh Redis. A full run takes about twelve minutes."
    })
public final class StateCommand implements Callable<Integer> {
  private static final String BEGIN = "<!-- bench state -->";
  private static final String END = "<!-- end -->";
  private static final int QUICK_DEVICES = 2_000;
  private static final int QUICK_FILLED = 5_000;
  private static final int FILLED = 1_000_000;

  @Option(names = "--quick", description = "Small and short: shows that it works, no more.")
  private boolean quick;

  @Option(names = "--json", description = "Also writes the rows as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(
      names = "--markdown",
      description = {
        "Also writes the tables as Markdown: into a page that has the marks",
        BEGIN + " and " + END + ", or as a page of their own."
      })
  private Optional<Path> markdown = Optional.empty();

  @Option(
      names = "--devices",
      split = ",",
      description = "Numbers of devices; default 10000,100000, quick 2000.")
  private List<Integer> devices = List.of();

  @Option(
      names = "--rounds",
      split = ",",
      description = "Rounds at each number of devices; default 3,1, quick 1.")
  private List<Integer> rounds = List.of();

  @Option(
      names = "--subjects",
      split = ",",
      description =
          "What to measure: firstlight, leshan-redis-tuned, leshan-redis, leshan-memory,"
              + " californium-echo; default all.")
  private List<String> subjects = List.of();

  @Option(names = "--seconds", description = "Of each measurement under load; default 5.")
  private Optional<Double> seconds = Optional.empty();

  @Option(names = "--concurrency", description = "Exchanges at once under load; default 128.")
  private Optional<Integer> concurrency = Optional.empty();

  @Option(
      names = "--filled",
      description =
          "Devices that are stored before our server starts; default 1000000, quick 5000, 0 none.")
  private Optional<Integer> filled = Optional.empty();

  @Option(
      names = "--until-exchanges-end",
      description = "Measures the heap once more, four minutes after each load.")
  private boolean untilExchangesEnd;

  @Option(names = "--jvm", description = "Option for the JVM of our server, to profile it.")
  private List<String> jvm = List.of();

  private String conditions = "";

  @Override
  public Integer call() throws IOException {
    List<Integer> sizes =
        !devices.isEmpty() ? devices : quick ? List.of(QUICK_DEVICES) : List.of(10_000, 100_000);
    conditions = conditions();
    try (Workplace place = Workplace.open()) {
      StateBench bench =
          new StateBench(
              new StateBench.Setting(chosen(), scope(), place.folder(), libraries(), jvm),
              System.err::println);
      for (int i = 0; i < sizes.size(); i++) {
        bench.measure(sizes.get(i), roundsOf(i));
        write(new Report(bench.figures()));
      }
      int stored = filled.orElse(quick ? QUICK_FILLED : FILLED);
      if (stored > 0) {
        bench.measureFilled(stored);
        write(new Report(bench.figures()));
      }
      System.out.println(conditions + new Report(bench.figures()).text());
      return bench.isComplete() ? 0 : 1;
    }
  }

  /** After each step, so that what ends a long run early does not take its figures with it. */
  private void write(Report report) throws IOException {
    if (json.isPresent()) {
      report.writeJson(json.get());
    }
    if (markdown.isPresent()) {
      Files.writeString(markdown.get(), into(markdown.get(), conditions + report.text()));
    }
  }

  /** The page, with the text between its marks. */
  private static String into(Path page, String text) throws IOException {
    String before = Files.exists(page) ? Files.readString(page) : "";
    int begin = before.indexOf(BEGIN);
    int end = before.indexOf(END, Math.max(0, begin));
    return begin < 0 || end < 0
        ? text
        : before.substring(0, begin + BEGIN.length()) + "\n" + text + before.substring(end);
  }

  private int roundsOf(int size) {
    if (rounds.isEmpty()) {
      return quick || size > 0 ? 1 : 3;
    }
    return rounds.get(Math.min(size, rounds.size() - 1));
  }

  private List<Subject> chosen() {
    return subjects.isEmpty()
        ? List.of(Subject.values())
        : Stream.of(Subject.values()).filter(s -> subjects.contains(s.word())).toList();
  }

  private Scope scope() {
    Scope whole = quick ? Scope.QUICK : Scope.FULL;
    return new Scope(
        concurrency.orElse(whole.concurrency()),
        seconds.orElse(whole.seconds()),
        Math.min(whole.warmUpSeconds(), seconds.orElse(whole.seconds())),
        whole.oneByOne(),
        whole.observed(),
        whole.expiring(),
        whole.leadSeconds(),
        whole.warmUpLists(),
        untilExchangesEnd);
  }

  private static String conditions() throws IOException {
    return "%s, JDK %s, %d cores shared by server, Redis and load, load average before %s.\n"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  /** Where the build has put them: beside the classes, or beside the jars. */
  private static Path libraries() {
    return Path.of(System.getProperty("firstlight.peer.libraries", "benchmarks/target/peer-lib"));
  }
}
