package org.firstlight.objects;

import java.util.Optional;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** Whether a value may stand at a path. */
public sealed interface CheckResult {

  /** It may; the value as its Resource has it. */
  record Ok(LwM2mPath path, TypedValue value) implements CheckResult {}

  /**
   * It may not.
   *
   * @param message a sentence that names the path and the rule; never shows a string or bytes
   */
  record Violation(LwM2mPath path, Rule rule, String message) implements CheckResult {
    static Violation of(LwM2mPath path, Rule rule, String fault) {
      return new Violation(path, rule, path + ": " + fault);
    }
  }

  default Optional<Violation> violation() {
    return this instanceof Violation violation ? Optional.of(violation) : Optional.empty();
  }

  /** The value, empty when it may not stand there. */
  default Optional<TypedValue> accepted() {
    return this instanceof Ok ok ? Optional.of(ok.value()) : Optional.empty();
  }
}
