package org.firstlight.dm.inventory;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Stored;

/** Versioned records that people edit; each change is announced as {@code <what>.changed}. */
public final class Documents {
  private final BlockingState state;
  private final Clock clock;

  public Documents(BlockingState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /**
   * What the editor believes.
   *
   * @param ifMatch the version that is edited
   * @param ifNoneMatch that there is none yet
   */
  public record Precondition(Optional<Long> ifMatch, boolean ifNoneMatch) {
    public static final Precondition NONE = new Precondition(Optional.empty(), false);
  }

  /**
   * Creates the record, or changes the version that the editor has seen.
   *
   * @param version of the record that the caller has checked, 0 where there was none: nobody slips
   *     another in between
   */
  public <T> Outcome<Stored<T>> put(
      Kind<T> kind,
      String what,
      String id,
      T value,
      Optional<String> tenant,
      long version,
      Precondition precondition) {
    return admitted(precondition, version)
        .then(
            expected ->
                committed(
                    Change.in(id)
                        .put(kind, id, expected, value)
                        .event(changed(what, id, tenant, "saved"))
                        .build()))
        .map(done -> new Stored<>(id, value, done.versions().get(0)));
  }

  public <T> Outcome<Boolean> delete(
      Kind<T> kind, String what, String id, Optional<String> tenant, Precondition precondition) {
    Optional<Stored<T>> found = state.find(kind, id);
    if (found.isEmpty()) {
      return Outcome.refused(FailureCode.NOT_FOUND, "there is no such " + what);
    }
    long version = found.get().version();
    // who deletes without a version means whatever is there
    Precondition meant =
        precondition.ifMatch().isPresent()
            ? precondition
            : new Precondition(Optional.of(version), false);
    return admitted(meant, version)
        .then(
            expected ->
                committed(
                    Change.in(id)
                        .delete(kind, id, expected)
                        .event(changed(what, id, tenant, "deleted"))
                        .build()))
        .map(done -> true);
  }

  /** The version that a change is to be made from. */
  public static Outcome<Long> admitted(Precondition precondition, long version) {
    if (precondition.ifMatch().isPresent()) {
      long wanted = precondition.ifMatch().get();
      return wanted == version && version > 0
          ? Outcome.done(version)
          : Outcome.refused(IfMatch.mismatch(version, wanted));
    }
    if (version == 0) {
      return Outcome.done(0L);
    }
    return Outcome.refused(
        FailureCode.PRECONDITION_FAILED,
        precondition.ifNoneMatch()
            ? "it is there already"
            : "it is there already, in version %d: send If-Match to change it".formatted(version));
  }

  private Outcome<CommitOutcome.Committed> committed(Change change) {
    return state.commit(change) instanceof CommitOutcome.Committed done
        ? Outcome.done(done)
        : Outcome.refused(IfMatch.lost());
  }

  private FleetEvent changed(String what, String id, Optional<String> tenant, String how) {
    return new FleetEvent(
        clock.instant(),
        what + ".changed",
        Optional.empty(),
        tenant,
        Map.of("id", id, "change", how));
  }
}
