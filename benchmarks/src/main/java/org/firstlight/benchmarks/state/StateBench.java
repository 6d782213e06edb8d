package org.firstlight.benchmarks.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.firstlight.benchmarks.process.LoadProcess;
import org.firstlight.benchmarks.process.RedisProcess;

/** Runs the rounds: at each number of devices the subjects in turn, again and again. */
final class StateBench {
  /**
   * @param libraries folder with what Leshan's store needs in versions of its own
   * @param options of our server's JVM, to profile it
   */
  record Setting(
      List<Subject> subjects, Scope scope, Path folder, Path libraries, List<String> options) {}

  private final Setting setting;
  private final Consumer<String> progress;
  private final Figures figures = new Figures();
  private int number;
  private boolean complete = true;

  StateBench(Setting setting, Consumer<String> progress) {
    this.setting = setting;
    this.progress = progress;
  }

  Figures figures() {
    return figures;
  }

  /** All subjects, so many times, in turns. */
  void measure(int devices, int rounds) throws IOException {
    for (int round = 1; round <= rounds; round++) {
      double rate = 0;
      for (Subject subject : setting.subjects()) {
        double light = rate;
        progress.accept(
            "%,d devices, round %d of %d: %s".formatted(devices, round, rounds, subject.word()));
        Map<Measure, Double> measured = new EnumMap<>(Measure.class);
        attempt(() -> once(subject, devices, light, measured));
        figures.add(devices, subject, measured);
        if (subject == Subject.TUNED) {
          rate = measured.getOrDefault(Measure.UPDATES_PER_SECOND, 0.0) / 10;
        }
      }
    }
  }

  /** Ours alone, on registrations that are stored before it starts. */
  void measureFilled(int devices) throws IOException {
    progress.accept("%,d devices, stored beforehand: firstlight".formatted(devices));
    Path folder = Files.createDirectories(setting.folder().resolve("filled-" + ++number));
    Map<Measure, Double> measured = new EnumMap<>(Measure.class);
    attempt(() -> new FilledFleet(folder, setting, measured).measure(devices));
    figures.add(devices, Subject.OURS, measured);
  }

  private void once(Subject subject, int devices, double rate, Map<Measure, Double> measured)
      throws IOException {
    Path folder = Files.createDirectories(setting.folder().resolve("round-" + ++number));
    try (RedisProcess redis = RedisProcess.start(folder.resolve("redis"));
        LoadProcess load = LoadProcess.start(folder)) {
      long empty = redis.usedMemory();
      try (Candidate candidate = start(subject, folder, redis, load, devices)) {
        new Round(new Meter(subject, candidate, redis, load, setting.scope(), measured))
            .run(devices, rate, empty);
      }
    }
  }

  private interface Attempt {
    void run() throws IOException;
  }

  /** What fails is said and left out: the other figures stand. */
  private void attempt(Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (RuntimeException fault) {
      complete = false;
      progress.accept("not measured to the end: " + fault);
    }
  }

  /** Whether every round came to its end. */
  boolean isComplete() {
    return complete;
  }

  private Candidate start(
      Subject subject, Path folder, RedisProcess redis, LoadProcess load, int devices) {
    if (subject != Subject.OURS) {
      return Leshan.start(subject, folder, setting.libraries(), redis, devices);
    }
    Inventory inventory = new Inventory(redis);
    inventory.putDevices(devices);
    return Ours.start(folder, redis, inventory, load, setting.options());
  }
}
