package org.firstlight.dm.registration;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * Moves a device along its journey: its record, the step and the events change together, and again
 * when somebody else was faster.
 */
public final class DeviceJournal {
  private static final int MOST_TRIES = 10;

  private final FleetState records;
  private final Clock clock;

  public DeviceJournal(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /**
   * What to write.
   *
   * @param device as it shall be; unchanged is not written
   * @param step to add to its journey
   * @param edits of other records, which are written only while the device is the one that was read
   * @param registration what becomes of its registrations
   */
  public record Entry(
      Device device,
      Optional<Step> step,
      List<Change.Edit<?>> edits,
      Optional<RegistrationEdit> registration,
      List<FleetEvent> events) {
    public Entry {
      edits = List.copyOf(edits);
      events = List.copyOf(events);
    }

    public Entry(
        Device device, Optional<Step> step, List<Change.Edit<?>> edits, List<FleetEvent> events) {
      this(device, step, edits, Optional.empty(), events);
    }

    Entry with(List<Change.Edit<?>> otherEdits) {
      return new Entry(device, step, otherEdits, registration, events);
    }

    Entry with(RegistrationEdit edit) {
      return new Entry(device, step, edits, Optional.of(edit), events);
    }
  }

  /** A device and its journey as they were read. */
  record Page(Stored<Device> device, JourneyRecord journey, long journeyVersion) {
    Device value() {
      return device.value();
    }
  }

  /**
   * What a commit made.
   *
   * @param edits versions of the entry's edits, in order
   */
  record Written(Stored<Device> device, List<Long> edits) {}

  /** An event of this device, for its owner's eyes. */
  public FleetEvent event(Device device, String type, Map<String, String> details) {
    return new FleetEvent(
        clock.instant(), type, Optional.of(device.endpointName()), device.owner(), details);
  }

  /**
   * Reads the device, asks what to write, and writes it.
   *
   * @param write from the device and its journey to the entry; empty to leave all as it is; asked
   *     again after a lost race
   * @return the device as it is now; empty if there is none
   */
  public CompletionStage<Optional<Device>> write(
      EndpointName endpointName,
      BiFunction<Device, JourneyRecord, CompletionStage<Optional<Entry>>> write) {
    return attempt(endpointName, write, 1);
  }

  private CompletionStage<Optional<Device>> attempt(
      EndpointName endpointName,
      BiFunction<Device, JourneyRecord, CompletionStage<Optional<Entry>>> write,
      int turn) {
    return read(endpointName)
        .thenCompose(
            page ->
                page.isEmpty()
                    ? CompletableFuture.completedStage(Optional.empty())
                    : write
                        .apply(page.get().value(), page.get().journey())
                        .thenCompose(
                            entry ->
                                entry.isEmpty()
                                    ? CompletableFuture.completedStage(
                                        Optional.of(page.get().value()))
                                    : commit(page.get(), entry.get())
                                        .thenCompose(
                                            written ->
                                                written.isPresent()
                                                    ? CompletableFuture.completedStage(
                                                        Optional.of(entry.get().device()))
                                                    : again(endpointName, write, turn))));
  }

  private CompletionStage<Optional<Device>> again(
      EndpointName endpointName,
      BiFunction<Device, JourneyRecord, CompletionStage<Optional<Entry>>> write,
      int turn) {
    if (turn == MOST_TRIES) {
      throw new IllegalStateException("lost every race for the device's record");
    }
    return attempt(endpointName, write, turn + 1);
  }

  /** Empty if there is no such device. */
  CompletionStage<Optional<Page>> read(EndpointName endpointName) {
    String home = endpointName.value();
    CompletionStage<Optional<Stored<JourneyRecord>>> journey =
        records.find(Kinds.JOURNEY, home, home);
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(
            journey,
            (device, steps) ->
                device.map(
                    found ->
                        new Page(
                            found,
                            steps.map(Stored::value).orElseGet(() -> new JourneyRecord(List.of())),
                            steps.map(Stored::version).orElse(0L))));
  }

  /** Writes an entry that was made from this page; empty if somebody else was faster. */
  CompletionStage<Optional<Written>> commit(Page page, Entry entry) {
    Stored<Device> device = page.device();
    String home = device.id();
    boolean changed = !entry.device().equals(device.value());
    Change.Builder change = Change.in(home).edits(entry.edits());
    if (changed) {
      change.put(Kinds.DEVICE, home, device.version(), entry.device());
    } else {
      change.keep(Kinds.DEVICE, home, device.version());
    }
    entry
        .step()
        .ifPresent(
            step ->
                change
                    .put(Kinds.JOURNEY, home, page.journeyVersion(), page.journey().and(step))
                    .event(event(entry.device(), "journey.step", details(step))));
    entry.registration().ifPresent(change::registration);
    entry.events().forEach(change::event);
    return records
        .commit(change.build())
        .thenApply(
            outcome ->
                outcome instanceof CommitOutcome.Committed done
                    ? Optional.of(
                        new Written(
                            new Stored<>(
                                home, entry.device(), done.versions().get(entry.edits().size())),
                            done.versions().subList(0, entry.edits().size())))
                    : Optional.empty());
  }

  private static Map<String, String> details(Step step) {
    Map<String, String> details = new TreeMap<>(step.details());
    details.put("name", step.name());
    details.put("ms", Long.toString(step.ms()));
    details.put("ok", Boolean.toString(step.ok()));
    return details;
  }
}
