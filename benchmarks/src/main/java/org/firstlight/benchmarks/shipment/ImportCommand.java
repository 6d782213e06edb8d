package org.firstlight.benchmarks.shipment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.firstlight.benchmarks.process.Workplace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./firstlight bench import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "A signed shipment list of a million lines, into a server with 512 MB of heap that is",
      "killed in the middle."
    })
public final class ImportCommand implements Callable<Integer> {
  private static final int LINES = 1_000_000;
  private static final int QUICK_LINES = 20_000;

  @Option(names = "--quick", description = "Small and short: shows that it works, no more.")
  private boolean quick;

  @Option(names = "--lines", description = "Of the list; default 1000000, quick 20000.")
  private Optional<Integer> lines = Optional.empty();

  @Option(names = "--json", description = "Also writes the rows as JSON.")
  private Optional<Path> json = Optional.empty();

  @Override
  public Integer call() throws Exception {
    int size = lines.orElse(quick ? QUICK_LINES : LINES);
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    try (Workplace place = Workplace.open()) {
      ImportBench.Figures figures =
          new ImportBench(place.folder(), size, System.err::println).measure();
      System.out.printf(
          "JDK %s, %d cores shared by server, Redis and client, load average before %s.%n%n",
          Runtime.version(), Runtime.getRuntime().availableProcessors(), load);
      System.out.println(
          "| lines | killed at | lines/s | live heap at most, MB | Redis, bytes a device |");
      System.out.println("|---:|---:|---:|---:|---:|");
      System.out.printf(
          "| %,d | %,d | %,.0f | %.0f | %,.0f |%n",
          size,
          figures.killedAt(),
          figures.linesPerSecond(),
          figures.liveHeap() / 1e6,
          figures.redisBytesPerDevice());
      if (json.isPresent()) {
        write(json.get(), size, figures);
      }
      return figures.whole() ? 0 : 1;
    }
  }

  private static void write(Path file, int size, ImportBench.Figures figures) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(row("lines_per_second", size, figures.linesPerSecond()));
    rows.add(row("live_heap_bytes", size, figures.liveHeap()));
    rows.add(row("redis_bytes_per_device", size, figures.redisBytesPerDevice()));
    Files.writeString(
        file,
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(Map.of("bench", rows))
            + "\n");
  }

  private static Map<String, Object> row(String measure, int size, double ours) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "import");
    row.put("measure", measure);
    row.put("devices", size);
    row.put("ours", ours);
    return row;
  }
}
