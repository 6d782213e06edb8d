package org.firstlight.bootstrap.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Exchange;
import org.firstlight.fleet.session.Step;

/** What has happened in a session so far. Safe for use by any thread. */
final class SessionLog {
  private final SessionStart start;
  private final List<Step> steps;
  private final List<Exchange> exchanges = new ArrayList<>();

  SessionLog(SessionStart start) {
    this.start = start;
    this.steps = new ArrayList<>(start.steps());
  }

  SessionStart start() {
    return start;
  }

  synchronized void add(Exchange exchange) {
    exchanges.add(exchange);
  }

  synchronized void add(Step step) {
    steps.removeIf(earlier -> earlier.name().equals(step.name()));
    steps.add(step);
  }

  /** Writes that the device took. */
  synchronized long writes() {
    return exchanges.stream()
        .filter(exchange -> exchange.operation().equals("Write"))
        .filter(exchange -> exchange.result().startsWith("2."))
        .count();
  }

  /** Milliseconds that the write to this path took; 0 if there was none. */
  synchronized long took(String path) {
    return exchanges.stream()
        .filter(exchange -> exchange.path().equals(path))
        .mapToLong(Exchange::ms)
        .sum();
  }

  BootstrapSession running() {
    return record(Optional.empty(), Optional.empty());
  }

  BootstrapSession ended(Instant at, Optional<Failure> failure) {
    return record(Optional.of(at), failure);
  }

  private synchronized BootstrapSession record(Optional<Instant> ended, Optional<Failure> failure) {
    return new BootstrapSession(
        start.id(),
        start.endpointName(),
        start.at(),
        ended,
        start.request().address(),
        Optional.of(start.plan().id()),
        steps,
        exchanges,
        failure);
  }
}
