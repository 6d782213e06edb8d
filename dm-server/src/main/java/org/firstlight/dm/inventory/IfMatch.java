package org.firstlight.dm.inventory;

import java.util.Optional;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;

/**
 * The version that an editor has seen, for an edit that reads the record, maybe again after a lost
 * race: another version at first is {@code PRECONDITION_FAILED}, one that came meanwhile {@code
 * CONFLICT}. An editor who names none means whatever is there. For one edit.
 */
public final class IfMatch {
  private final Optional<Long> wanted;
  private boolean matched;

  public IfMatch(Optional<Long> wanted) {
    this.wanted = wanted;
  }

  public static IfMatch any() {
    return new IfMatch(Optional.empty());
  }

  /** Why the edit may not be made on this version; empty if it may. */
  public Optional<Failure> refuse(long version) {
    if (wanted.isEmpty() || wanted.get() == version) {
      matched = true;
      return Optional.empty();
    }
    return Optional.of(matched ? lost() : mismatch(version, wanted.get()));
  }

  static Failure mismatch(long version, long wanted) {
    return Failure.of(
        FailureCode.PRECONDITION_FAILED,
        version == 0
            ? "it is not there any more"
            : "it is in version %d, the edit was made on %d".formatted(version, wanted));
  }

  /** What a lost race is told. */
  public static Failure lost() {
    return Failure.of(FailureCode.CONFLICT, "somebody else changed it at the same moment");
  }
}
