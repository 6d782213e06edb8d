package org.firstlight.kit.health;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Named checks. A check answers at once, from what it knows: it never waits for a network. */
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();

  /**
   * How it stands.
   *
   * @param problems what is wrong by check; a check that is well has an empty one
   */
  public record Report(Map<String, Optional<String>> problems) {
    public Report {
      problems = Map.copyOf(problems);
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

  public Report report() {
    Map<String, Optional<String>> problems = new TreeMap<>();
    checks.forEach((name, check) -> problems.put(name, ask(name, check)));
    return new Report(problems);
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
