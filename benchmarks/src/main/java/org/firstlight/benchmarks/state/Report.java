package org.firstlight.benchmarks.state;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.firstlight.benchmarks.state.Figures.Figure;

/** The figures as a table for people, as JSON for programs. */
final class Report {
  private static final List<Subject> COLUMNS =
      List.of(Subject.OURS, Subject.TUNED, Subject.STOCK, Subject.MEMORY, Subject.ECHO);

  private static final List<Measure> GROWING = List.of(Measure.UPDATE_CPU, Measure.REGISTER_CPU);
  private static final double MOST_GROWTH = 1.3;

  private final Figures figures;

  Report(Figures figures) {
    this.figures = figures;
  }

  /** Markdown, a table for each number of devices. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (int devices : figures.sizes()) {
      List<Subject> shown = COLUMNS.stream().filter(subject -> isThere(devices, subject)).toList();
      text.append("\n### %,d devices\n\n| what |".formatted(devices));
      shown.forEach(subject -> text.append(" %s |".formatted(subject.word())));
      text.append(" ratio | target | met |\n|---|");
      shown.forEach(subject -> text.append("---:|"));
      text.append("---:|---:|---|\n");
      for (Measure measure : Measure.values()) {
        if (shown.stream().anyMatch(s -> figures.find(devices, s, measure).isPresent())) {
          text.append(line(devices, measure, shown));
        }
      }
    }
    return text + growth();
  }

  private String growth() {
    StringBuilder text = new StringBuilder();
    for (int devices : figures.sizes()) {
      for (Measure measure : GROWING) {
        growth(devices, measure)
            .ifPresent(
                row ->
                    text.append(
                        "\n%s at %,d devices: %s times that at %,d (target at most 1.3).\n"
                            .formatted(
                                measure.title(),
                                devices,
                                number((double) row.get("ratio")),
                                figures.sizes().get(0))));
      }
    }
    return text.toString();
  }

  private boolean isThere(int devices, Subject subject) {
    return Arrays.stream(Measure.values())
        .anyMatch(measure -> figures.find(devices, subject, measure).isPresent());
  }

  private String line(int devices, Measure measure, List<Subject> shown) {
    StringBuilder line = new StringBuilder();
    line.append(
        "| %s%s |"
            .formatted(measure.title(), measure.unit().isEmpty() ? "" : ", " + measure.unit()));
    for (Subject subject : shown) {
      line.append(
          " %s |".formatted(figures.find(devices, subject, measure).map(Report::cell).orElse("")));
    }
    Optional<Map<String, Object>> aimed =
        rows(devices, measure).stream()
            .filter(row -> row.get("target") != null && !isGrowth(row))
            .findFirst();
    line.append(
        aimed
            .map(
                row ->
                    " %s | %s | %s |"
                        .formatted(
                            row.containsKey("ratio") ? number((double) row.get("ratio")) : "",
                            number((double) row.get("target")),
                            (boolean) row.get("met") ? "yes" : "**no**"))
            .orElse(" | | |"));
    return line.append('\n').toString();
  }

  private static boolean isGrowth(Map<String, Object> row) {
    return String.valueOf(row.get("peer")).contains("-at-");
  }

  private static String cell(Figure figure) {
    return figure.rounds() == 1
        ? number(figure.median())
        : "%s (%s to %s)"
            .formatted(number(figure.median()), number(figure.least()), number(figure.most()));
  }

  private static String number(double value) {
    double size = Math.abs(value);
    String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
    return form.formatted(value);
  }

  void writeJson(Path file) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int devices : figures.sizes()) {
      for (Measure measure : Measure.values()) {
        rows.addAll(rows(devices, measure));
      }
    }
    Files.writeString(
        file,
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(Map.of("bench", rows))
            + "\n");
  }

  /** Ours beside each peer; where no peer was measured, alone. */
  private List<Map<String, Object>> rows(int devices, Measure measure) {
    Optional<Figure> ours = figures.find(devices, Subject.OURS, measure);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Subject peer : COLUMNS) {
      Optional<Figure> theirs =
          peer == Subject.OURS ? Optional.empty() : figures.find(devices, peer, measure);
      if (theirs.isPresent()) {
        rows.add(row(devices, measure, ours, peer, theirs));
      }
    }
    if (rows.isEmpty() && ours.isPresent()) {
      rows.add(row(devices, measure, ours, Subject.OURS, Optional.empty()));
    }
    growth(devices, measure).ifPresent(rows::add);
    return rows;
  }

  /** The cost of one operation in a large fleet beside that in the smallest one. */
  private Optional<Map<String, Object>> growth(int devices, Measure measure) {
    int smallest = figures.sizes().get(0);
    Optional<Figure> here = figures.find(devices, Subject.OURS, measure);
    Optional<Figure> there = figures.find(smallest, Subject.OURS, measure);
    if (!GROWING.contains(measure) || smallest == devices || here.isEmpty() || there.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> row = new LinkedHashMap<>();
    double ratio = here.get().median() / there.get().median();
    row.put("bench", "state");
    row.put("measure", measure.word());
    row.put("unit", measure.unit());
    row.put("devices", devices);
    row.put("ours", here.get().median());
    row.put("peer", "%s-at-%d".formatted(Subject.OURS.word(), smallest));
    row.put("theirs", there.get().median());
    row.put("ratio", ratio);
    row.put("target", MOST_GROWTH);
    row.put("met", ratio <= MOST_GROWTH);
    return Optional.of(row);
  }

  private static Map<String, Object> row(
      int devices, Measure measure, Optional<Figure> ours, Subject peer, Optional<Figure> theirs) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("bench", "state");
    row.put("measure", measure.word());
    row.put("unit", measure.unit());
    row.put("devices", devices);
    ours.ifPresent(
        figure -> {
          row.put("ours", figure.median());
          row.put("oursSpread", List.of(figure.least(), figure.most()));
          measure
              .limit()
              .ifPresent(
                  limit -> {
                    row.put("target", limit);
                    row.put("met", measure.isMet(figure.median()));
                  });
        });
    theirs.ifPresent(
        figure -> {
          row.put("peer", peer.word().toLowerCase(Locale.ROOT));
          row.put("theirs", figure.median());
          row.put("theirsSpread", List.of(figure.least(), figure.most()));
          ours.ifPresent(
              mine -> {
                double ratio = mine.median() / figure.median();
                row.put("ratio", ratio);
                measure
                    .target(peer)
                    .ifPresent(
                        target -> {
                          row.put("target", target);
                          row.put("met", measure.isMet(ratio));
                        });
              });
        });
    return row;
  }
}
