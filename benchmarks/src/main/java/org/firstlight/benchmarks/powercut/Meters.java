package org.firstlight.benchmarks.powercut;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Follows the crowd's lines, and takes down what each of its phases costs whom. */
final class Meters implements Runnable {
  private static final long EVERY_MS = 250;
  private static final int SHOWN_EVERY = 20;

  /**
   * What is metered, by its name.
   *
   * @param cpuSeconds so far
   */
  record Meter(String name, DoubleSupplier cpuSeconds) {}

  private record Phase(double[] from, double[] to) {}

  private final Path lines;
  private final List<Meter> meters;
  private final Map<String, Phase> phases = new LinkedHashMap<>();
  private final LongSupplier memory;
  private long mostMemory;
  private volatile boolean over;

  /**
   * @param memory bytes that the crowd's process holds at this moment
   */
  Meters(Path lines, List<Meter> meters, LongSupplier memory) {
    this.lines = lines;
    this.meters = meters;
    this.memory = memory;
  }

  @Override
  public void run() {
    try {
      for (int turn = 0; !over; turn++) {
        look(turn % SHOWN_EVERY == 0);
        TimeUnit.MILLISECONDS.sleep(EVERY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void look(boolean show) {
    List<String> all = read();
    if (over || all.isEmpty()) {
      return;
    }
    String last = all.get(all.size() - 1);
    double[] now = meters.stream().mapToDouble(meter -> meter.cpuSeconds().getAsDouble()).toArray();
    phases.compute(
        last.split(" ")[0],
        (name, phase) -> phase == null ? new Phase(now, now) : new Phase(phase.from(), now));
    mostMemory = Math.max(mostMemory, memory.getAsLong());
    if (show) {
      System.err.println(last);
    }
  }

  /** Lines of the crowd, and none of a log. */
  private List<String> read() {
    try {
      return Files.readAllLines(lines).stream()
          .filter(line -> line.contains("  booting "))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends, and says per phase and process the seconds of CPU. */
  synchronized String end() {
    over = true;
    StringBuilder words = new StringBuilder();
    phases.forEach(
        (name, phase) -> {
          words.append(name).append(": CPU seconds");
          for (int i = 0; i < meters.size(); i++) {
            words.append(
                ", %s %.1f".formatted(meters.get(i).name(), phase.to()[i] - phase.from()[i]));
          }
          words.append('\n');
        });
    return words
        .append("the crowd's process held %d MB at most%n".formatted(mostMemory >> 20))
        .toString();
  }
}
