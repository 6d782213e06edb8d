package org.firstlight.simulator.crowd;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a phase went.
 *
 * @param back devices that are where they should be
 * @param took until the last of them was, or until patience ended
 * @param shares milliseconds after which 50, 90, 99 and 100 of a hundred of those were back
 * @param events by name, as {@code handshakes}
 * @param refused how often, by what was refused with which code
 * @param maxAge shortest and longest of the Max-Age with it, seconds
 * @param failed how often, by reason
 */
public record PhaseResult(
    String name,
    int devices,
    int back,
    Duration took,
    Map<Integer, Integer> shares,
    Map<String, Long> events,
    Map<String, Long> refused,
    Map<String, String> maxAge,
    Map<String, Long> failed) {
  private static final int[] SHARES = {50, 90, 99, 100};

  static PhaseResult of(String name, int[] times, Duration took, Tally tally) {
    int[] sorted = Arrays.stream(times).filter(ms -> ms >= 0).sorted().toArray();
    Map<Integer, Integer> shares = new TreeMap<>();
    for (int share : SHARES) {
      if (sorted.length > 0) {
        shares.put(share, sorted[Math.max(0, (int) Math.ceil(sorted.length * share / 100.0) - 1)]);
      }
    }
    Map<String, Long> events = new TreeMap<>();
    tally.events().forEach((event, times1) -> events.put(word(event), times1));
    Map<String, Long> refused = new TreeMap<>();
    Map<String, String> maxAge = new TreeMap<>();
    tally
        .refusals()
        .forEach(
            (what, one) -> {
              refused.put(what, one.times());
              maxAge.put(what, "%d to %d".formatted(one.shortest(), one.longest()));
            });
    return new PhaseResult(
        name, times.length, sorted.length, took, shares, events, refused, maxAge, tally.failures());
  }

  private static String word(Tally.Event event) {
    return event.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  public boolean isWhole() {
    return back == devices;
  }

  /** One JSON object, no line end. */
  public String toJson() {
    return """
        {"phase":%s,"devices":%d,"back":%d,"seconds":%.1f,"backAfterMs":{%s},"events":{%s},\
        "refused":{%s},"maxAgeSeconds":{%s},"failed":{%s}}"""
        .formatted(
            quoted(name),
            devices,
            back,
            took.toMillis() / 1000.0,
            shares.entrySet().stream()
                .map(one -> "\"%d%%\":%d".formatted(one.getKey(), one.getValue()))
                .collect(Collectors.joining(",")),
            numbers(events),
            numbers(refused),
            maxAge.entrySet().stream()
                .map(one -> quoted(one.getKey()) + ":" + quoted(one.getValue()))
                .collect(Collectors.joining(",")),
            numbers(failed));
  }

  private static String numbers(Map<String, Long> all) {
    return all.entrySet().stream()
        .map(one -> quoted(one.getKey()) + ":" + one.getValue())
        .collect(Collectors.joining(","));
  }

  private static String quoted(String text) {
    return IntStream.range(0, text.length())
        .mapToObj(text::charAt)
        .map(c -> c == '"' || c == '\\' ? "\\" + c : c < ' ' ? " " : c.toString())
        .collect(Collectors.joining("", "\"", "\""));
  }
}
