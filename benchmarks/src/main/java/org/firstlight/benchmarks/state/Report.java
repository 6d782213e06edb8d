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
        rows(devices, measure).stream().filter(row -> row.get("target") != null).findFirst();
    line.append(
        aimed
            .map(
                row ->
                    " %s | %s | %s |"
                        .formatted(
                            number((double) row.get("ratio")),
                            number((double) row.get("target")),
                            (boolean) row.get("met") ? "yes" : "**no**"))
            .orElse(" | | |"));
    return line.append('\n').toString();
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
    return rows;
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
