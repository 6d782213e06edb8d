package org.firstlight.kit.health;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named checks and notes. Each answers at once, from what it knows: it never waits for a network.
 */
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();
  private final Map<String, Supplier<Optional<String>>> notes = new ConcurrentSkipListMap<>();

  /**
   * How it stands.
   *
   * @param problems what is wrong by check; a check that is well has an empty one
   * @param notes what an operator should look at when there is time, by name
   */
  public record Report(Map<String, Optional<String>> problems, Map<String, String> notes) {
    public Report {
      problems = Map.copyOf(problems);
      notes = Map.copyOf(notes);
    }

    public boolean healthy() {
      return problems.values().stream().allMatch(Optional::isEmpty);
    }
  }

  /**
   * Adds a check, or takes the place of the one of that name.
   *
   * @param problem empty while all is well, else a sentence for the operator
   */
  public void check(String name, Supplier<Optional<String>> problem) {
    checks.put(name, problem);
  }

  /**
   * Adds a note, or takes the place of the one of that name: what is no reason to start a process
   * again.
   *
   * @param text empty while there is nothing to say, else a sentence for the operator
   */
  public void note(String name, Supplier<Optional<String>> text) {
    notes.put(name, text);
  }

  public Report report() {
    Map<String, Optional<String>> problems = new TreeMap<>();
    checks.forEach((name, check) -> problems.put(name, ask(name, check)));
    Map<String, String> said = new TreeMap<>();
    notes.forEach((name, note) -> ask(name, note).ifPresent(text -> said.put(name, text)));
    return new Report(problems, said);
  }

  private static Optional<String> ask(String name, Supplier<Optional<String>> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      LOG.warn("health check {} failed itself", name, e);
      return Optional.of("the check itself failed");
    }
  }
}
