package org.firstlight.reference;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.reference.Repository.Source;

/** Every metric that the platform's sources give out through {@link Metrics}. */
final class MetricNames {
  private static final NamingConvention PROMETHEUS = new PrometheusNamingConvention();
  private static final Pattern OURS = Pattern.compile("\"(firstlight(?:\\.[a-z]+)+)\"");

  /** A metric's kind and the keys of its tags. */
  private record Metric(Meter.Type type, Set<String> tags) {}

  private final Map<String, Metric> metrics = new TreeMap<>();
  private final Set<String> mentioned = new TreeSet<>();

  private MetricNames() {}

  static List<List<String>> rows() {
    MetricNames names = new MetricNames();
    Repository.platformSources().stream()
        .filter(source -> !source.file().endsWith(Metrics.class.getSimpleName() + ".java"))
        .forEach(names::read);
    names.refuseUnseen();
    Meanings meanings = new Meanings("metrics.properties");
    meanings.areOf(names.metrics.keySet());
    List<List<String>> rows = new ArrayList<>();
    names.metrics.forEach((name, metric) -> rows.add(row(name, metric, meanings.of(name))));
    return rows;
  }

  private void read(Source source) {
    Matcher literal = OURS.matcher(source.text());
    while (literal.find()) {
      if (!literal.group(1).equals("firstlight.home")) {
        mentioned.add(literal.group(1));
      }
    }
    for (Call call : Call.on("metrics", "count|failed|time|gauge", source.text())) {
      String name = call.literal(0);
      switch (call.method()) {
        case "count" -> add(name, Meter.Type.COUNTER, tags(call, 1));
        case "failed" -> {
          mentioned.remove(name);
          add(name + ".failed", Meter.Type.COUNTER, Set.of("failure"));
        }
        case "time" -> add(name, Meter.Type.TIMER, tags(call, 2));
        default -> add(name, Meter.Type.GAUGE, tags(call, 2));
      }
    }
  }

  private void add(String name, Meter.Type type, Set<String> tags) {
    Metric before = metrics.putIfAbsent(name, new Metric(type, tags));
    if (before != null && !before.equals(new Metric(type, tags))) {
      throw new AssertionError(
          name + " is given out with different kinds or tags: Prometheus drops the later ones");
    }
  }

  /** Tags come as key and value in turn. */
  private static Set<String> tags(Call call, int from) {
    Set<String> keys = new TreeSet<>();
    for (int i = from; i < call.arguments().size(); i += 2) {
      keys.add(call.literal(i));
    }
    return keys;
  }

  /** A name that is written down in the sources, but in a call that this reader does not know. */
  private void refuseUnseen() {
    Set<String> unseen = new TreeSet<>(mentioned);
    unseen.removeAll(metrics.keySet());
    if (!unseen.isEmpty()) {
      throw new AssertionError("not given out through a field named metrics: " + unseen);
    }
  }

  private static List<String> row(String name, Metric metric, String meaning) {
    String prometheus = PROMETHEUS.name(name, metric.type());
    String series =
        switch (metric.type()) {
          case COUNTER -> Markdown.code(prometheus + "_total");
          case TIMER ->
              Markdown.code(prometheus + "_count")
                  + " "
                  + Markdown.code(prometheus + "_sum")
                  + " "
                  + Markdown.code(prometheus + "_max");
          default -> Markdown.code(prometheus);
        };
    String tags =
        metric.tags().isEmpty()
            ? "–"
            : String.join(" ", metric.tags().stream().map(Markdown::code).toList());
    return List.of(series, tags, meaning);
  }
}
