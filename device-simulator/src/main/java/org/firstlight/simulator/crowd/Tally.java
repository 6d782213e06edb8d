package org.firstlight.simulator.crowd;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What has happened to the crowd so far; from any thread. */
final class Tally {
  /** What a device is doing. */
  enum State {
    OFF,
    /** Switched on; waits for its moment or a source address. */
    BOOTING,
    HANDSHAKING,
    BOOTSTRAPPING,
    ENROLLING,
    REGISTERING,
    REGISTERED,
    /** Was told to come later, or waits after a failure. */
    WAITING
  }

  /** What is counted. */
  enum Event {
    HANDSHAKES,
    HANDSHAKES_FAILED,
    BOOTSTRAPPED,
    ENROLLED,
    REGISTERED,
    UPDATED,
    REPORTED,
    RETRIED,
    FAILED,
    /** Woke, and got a source address. */
    ADDRESSES_TAKEN,
    REQUESTS_ANSWERED
  }

  /**
   * One kind of refusal.
   *
   * @param shortest seconds of Max-Age; 0 if none was given
   * @param longest seconds
   */
  record Refusals(long times, long shortest, long longest) {
    Refusals and(long seconds) {
      return new Refusals(times + 1, Math.min(shortest, seconds), Math.max(longest, seconds));
    }
  }

  private final Map<State, Integer> states = new EnumMap<>(State.class);
  private final Map<Event, Long> events = new EnumMap<>(Event.class);
  private final Map<String, Refusals> refusals = new TreeMap<>();
  private final Map<String, Long> failures = new TreeMap<>();

  synchronized void moved(State from, State to) {
    states.merge(from, -1, Integer::sum);
    states.merge(to, 1, Integer::sum);
  }

  synchronized void happened(Event event) {
    events.merge(event, 1L, Long::sum);
  }

  /**
   * @param what as {@code bootstrap 5.03}
   */
  synchronized void refused(String what, Duration maxAge) {
    long seconds = maxAge.toSeconds();
    Refusals before = refusals.get(what);
    refusals.put(what, before == null ? new Refusals(1, seconds, seconds) : before.and(seconds));
  }

  synchronized void failed(String reason) {
    happened(Event.FAILED);
    failures.merge(reason, 1L, Long::sum);
  }

  synchronized int in(State state) {
    return Math.max(0, states.getOrDefault(state, 0));
  }

  synchronized long count(Event event) {
    return events.getOrDefault(event, 0L);
  }

  /** Another phase begins: events are counted anew, devices stay what they are. */
  synchronized void begin() {
    events.clear();
    refusals.clear();
    failures.clear();
  }

  synchronized Map<Event, Long> events() {
    return new EnumMap<>(events);
  }

  synchronized Map<String, Refusals> refusals() {
    return new TreeMap<>(refusals);
  }

  synchronized Map<String, Long> failures() {
    return new TreeMap<>(failures);
  }

  /** What a person watches, once a second. */
  String line(Duration since) {
    return ("%5d s  booting %d  handshaking %d  bootstrapping %d  enrolling %d  registering %d"
            + "  registered %d  waiting %d | bootstrapped %d  enrolled %d  refused %s  retried %d"
            + "  failed %d")
        .formatted(
            since.toSeconds(),
            in(State.BOOTING),
            in(State.HANDSHAKING),
            in(State.BOOTSTRAPPING),
            in(State.ENROLLING),
            in(State.REGISTERING),
            in(State.REGISTERED),
            in(State.WAITING),
            count(Event.BOOTSTRAPPED),
            count(Event.ENROLLED),
            refusedWords(),
            count(Event.RETRIED),
            count(Event.FAILED));
  }

  private String refusedWords() {
    Map<String, Refusals> all = refusals();
    return all.isEmpty()
        ? "0"
        : all.entrySet().stream()
            .map(
                one ->
                    "%d (%s%s)"
                        .formatted(
                            one.getValue().times(),
                            one.getKey(),
                            one.getValue().longest() == 0
                                ? ""
                                : ", Max-Age %d to %d s"
                                    .formatted(
                                        one.getValue().shortest(), one.getValue().longest())))
            .collect(Collectors.joining(", "));
  }
}
