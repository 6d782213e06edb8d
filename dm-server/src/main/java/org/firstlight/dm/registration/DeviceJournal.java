package org.firstlight.dm.registration;

import java.time.Clock;
import java.util.ArrayList;
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
   * @param device as it shall be; unchanged is not written, unless there are edits
   * @param step to add to its journey
   * @param edits of other records, which are written only while the device is the one that was read
   */
  public record Entry(
      Device device, Optional<Step> step, List<Change.Edit<?>> edits, List<FleetEvent> events) {
    public Entry {
      edits = List.copyOf(edits);
      events = List.copyOf(events);
    }
  }

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
    String home = endpointName.value();
    CompletionStage<Optional<Stored<Device>>> device = records.find(Kinds.DEVICE, home, home);
    CompletionStage<Optional<Stored<JourneyRecord>>> journey =
        records.find(Kinds.JOURNEY, home, home);
    return device
        .thenCombine(journey, Found::new)
        .thenCompose(
            found -> {
              if (found.device().isEmpty()) {
                return CompletableFuture.completedStage(Optional.empty());
              }
              return write
                  .apply(found.device().get().value(), found.steps())
                  .thenCompose(entry -> commit(endpointName, write, turn, found, entry));
            });
  }

  private CompletionStage<Optional<Device>> commit(
      EndpointName endpointName,
      BiFunction<Device, JourneyRecord, CompletionStage<Optional<Entry>>> write,
      int turn,
      Found found,
      Optional<Entry> entry) {
    Device before = found.device().orElseThrow().value();
    if (entry.isEmpty()) {
      return CompletableFuture.completedStage(Optional.of(before));
    }
    return records
        .commit(change(found, entry.get()))
        .thenCompose(
            outcome -> {
              if (outcome instanceof CommitOutcome.Committed) {
                return CompletableFuture.completedStage(Optional.of(entry.get().device()));
              }
              if (turn == MOST_TRIES) {
                throw new IllegalStateException("lost every race for the device's record");
              }
              return attempt(endpointName, write, turn + 1);
            });
  }

  private Change change(Found found, Entry entry) {
    Stored<Device> device = found.device().orElseThrow();
    String home = device.id();
    List<Change.Edit<?>> edits = new ArrayList<>(entry.edits());
    if (!entry.device().equals(device.value()) || !entry.edits().isEmpty()) {
      edits.add(new Change.Edit.Put<>(Kinds.DEVICE, home, device.version(), entry.device()));
    }
    List<FleetEvent> events = new ArrayList<>();
    entry
        .step()
        .ifPresent(
            step -> {
              edits.add(
                  new Change.Edit.Put<>(
                      Kinds.JOURNEY, home, found.journeyVersion(), found.steps().and(step)));
              events.add(event(entry.device(), "journey.step", details(step)));
            });
    events.addAll(entry.events());
    return new Change(home, edits, events);
  }

  private static Map<String, String> details(Step step) {
    Map<String, String> details = new TreeMap<>(step.details());
    details.put("name", step.name());
    details.put("ms", Long.toString(step.ms()));
    details.put("ok", Boolean.toString(step.ok()));
    return details;
  }

  private record Found(Optional<Stored<Device>> device, Optional<Stored<JourneyRecord>> journey) {
    JourneyRecord steps() {
      return journey.map(Stored::value).orElseGet(() -> new JourneyRecord(List.of()));
    }

    long journeyVersion() {
      return journey.map(Stored::version).orElse(0L);
    }
  }
}
