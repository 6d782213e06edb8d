package org.firstlight.fleet.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.RegistrationEdit;

/**
 * Records of one home that change together, with the device's registrations where they begin or
 * end, and with the events that tell of it: all or nothing.
 *
 * @param home endpoint name, or the id of a platform record: it names the shard
 * @param guarded acknowledged only when it would outlive the loss of the node that took it, as far
 *     as the deployment has others
 */
public record Change(
    String home,
    List<Edit<?>> edits,
    Optional<RegistrationEdit> registration,
    List<FleetEvent> events,
    boolean guarded) {
  /** Write without looking at the version. */
  public static final long ANY_VERSION = -1;

  public Change {
    edits = List.copyOf(edits);
    events = List.copyOf(events);
    guarded |=
        edits.stream()
            .anyMatch(edit -> !(edit instanceof Edit.Keep) && Kinds.GUARDED.contains(edit.kind()));
  }

  /**
   * @param expectedVersion 0: must not exist yet; {@link #ANY_VERSION}: whatever is there
   */
  public sealed interface Edit<T> {
    Kind<T> kind();

    String id();

    long expectedVersion();

    record Put<T>(Kind<T> kind, String id, long expectedVersion, T value) implements Edit<T> {}

    record Delete<T>(Kind<T> kind, String id, long expectedVersion) implements Edit<T> {}

    /** Changes nothing; the others are written only if it still has this version. */
    record Keep<T>(Kind<T> kind, String id, long expectedVersion) implements Edit<T> {}
  }

  public static Builder in(String home) {
    return new Builder(home);
  }

  public static final class Builder {
    private final String home;
    private final List<Edit<?>> edits = new ArrayList<>();
    private final List<FleetEvent> events = new ArrayList<>();
    private Optional<RegistrationEdit> registration = Optional.empty();
    private boolean guarded;

    private Builder(String home) {
      this.home = home;
    }

    public <T> Builder put(Kind<T> kind, String id, long expectedVersion, T value) {
      edits.add(new Edit.Put<>(kind, id, expectedVersion, value));
      return this;
    }

    public <T> Builder delete(Kind<T> kind, String id, long expectedVersion) {
      edits.add(new Edit.Delete<>(kind, id, expectedVersion));
      return this;
    }

    public <T> Builder keep(Kind<T> kind, String id, long expectedVersion) {
      edits.add(new Edit.Keep<>(kind, id, expectedVersion));
      return this;
    }

    public Builder edits(List<Edit<?>> more) {
      edits.addAll(more);
      return this;
    }

    public Builder registration(RegistrationEdit edit) {
      registration = Optional.of(edit);
      return this;
    }

    public Builder event(FleetEvent event) {
      events.add(event);
      return this;
    }

    /** For what cannot be had again; some kinds are guarded anyway, see {@link Kinds#GUARDED}. */
    public Builder guarded(boolean whether) {
      guarded = whether;
      return this;
    }

    public Change build() {
      return new Change(home, edits, registration, events, guarded);
    }
  }
}
