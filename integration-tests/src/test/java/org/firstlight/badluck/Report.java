package org.firstlight.badluck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.firstlight.badluck.Ledger.Kind;

/** How often each fault was survived, and what it cost: a page for people. */
final class Report {
  private final Path file;
  private final long seed;
  private final Map<String, List<Survival>> rows = new LinkedHashMap<>();

  Report(Path file, long seed) {
    this.file = file;
    this.seed = seed;
  }

  void add(Survival survival) throws IOException {
    rows.computeIfAbsent(
            "| %s | %s ".formatted(survival.fault().words(), survival.setting()),
            row -> new ArrayList<>())
        .add(survival);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, page());
  }

  void print() {
    System.out.println(page());
  }

  private String page() {
    String kinds = Stream.of(Kind.values()).map(Kind::word).collect(Collectors.joining(" | "));
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Bad luck

        What was acknowledged to clients, and then a fault under full load, again and again. *Lost*
        counts acknowledged effects that were not there when it was mended and nobody had written
        again, by class of record; *doubled or odd* what was there twice, and answers that nothing
        excuses. *Window*: how long before the fault the oldest lost effect had been acknowledged.
        *Back*: from the mending until every client had been served again, without help.

        %s, seed %d, %d processors, Java %s.

        | fault | setting | times | survived | acknowledged | lost: %s | registered anew after 4.04 | doubled or odd | longest window | longest back |
        |%s
        """
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                seed,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                kinds,
                "---|".repeat(9 + Kind.values().length)));
    rows.forEach((title, row) -> page.append(title).append(line(row)).append('\n'));
    page.append("\n");
    rows.values().stream()
        .flatMap(List::stream)
        .filter(one -> !one.faults().isEmpty())
        .forEach(
            one ->
                page.append(
                    "- not survived: %s: %s\n".formatted(one.fault().words(), one.faults())));
    return page.toString();
  }

  private static String line(List<Survival> row) {
    List<Object> cells = new ArrayList<>();
    cells.add(row.size());
    cells.add(row.stream().filter(one -> one.faults().isEmpty()).count());
    cells.add(sum(row, one -> sum(one.acknowledged().values(), Long::longValue)));
    for (Kind kind : Kind.values()) {
      cells.add(sum(row, one -> one.lost(kind)));
    }
    cells.add(sum(row, Survival::registeredAnew));
    cells.add(sum(row, one -> one.surprises().size()));
    cells.add(longest(row.stream().map(Survival::window)));
    cells.add(longest(row.stream().map(Survival::back)));
    return cells.stream().map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static <T> long sum(Collection<T> all, ToLongFunction<T> figure) {
    return all.stream().mapToLong(figure).sum();
  }

  private static String longest(Stream<Duration> times) {
    Duration longest = times.max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    return longest.isZero() ? "–" : longest.toMillis() + " ms";
  }
}
