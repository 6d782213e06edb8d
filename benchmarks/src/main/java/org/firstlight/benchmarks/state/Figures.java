package org.firstlight.benchmarks.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured, by number of devices, subject and measure, once a round. */
final class Figures {
  record Key(int devices, Subject subject, Measure measure) {}

  /** The median of the rounds, and how far they lay apart. */
  record Figure(double median, double least, double most, int rounds) {}

  private final Map<Key, List<Double>> rounds = new LinkedHashMap<>();

  void add(int devices, Subject subject, Map<Measure, Double> round) {
    round.forEach(
        (measure, value) ->
            rounds
                .computeIfAbsent(new Key(devices, subject, measure), key -> new ArrayList<>())
                .add(value));
  }

  Optional<Figure> find(int devices, Subject subject, Measure measure) {
    return Optional.ofNullable(rounds.get(new Key(devices, subject, measure))).map(Figures::figure);
  }

  List<Integer> sizes() {
    return rounds.keySet().stream().map(Key::devices).distinct().sorted().toList();
  }

  private static Figure figure(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    double median =
        size % 2 == 1
            ? sorted.get(size / 2)
            : (sorted.get(size / 2 - 1) + sorted.get(size / 2)) / 2;
    return new Figure(median, sorted.get(0), sorted.get(size - 1), size);
  }
}
