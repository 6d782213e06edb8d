package org.firstlight.dm.configuration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.firstlight.dm.registration.DeviceJournal;
import org.firstlight.dm.registration.DeviceJournal.Entry;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.PathStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.Result;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;

/** Writes down how a configuration went: the drift report, the device's state, its journey. */
public final class ConfigurationOutcome {
  private static final int PATHS_IN_EVENT = 10;

  private final DeviceJournal journal;
  private final Clock clock;

  public ConfigurationOutcome(DeviceJournal journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * Of a device that has another owner by now, or none, nothing is written.
   *
   * @param judged the device as it was when its configuration was put together
   */
  CompletionStage<Void> record(
      Device judged,
      Instant began,
      Map<String, Long> documents,
      Map<String, PathStatus> paths,
      Optional<ConfigurationStatus> before) {
    ConfigurationStatus now = new ConfigurationStatus(clock.instant(), documents, paths);
    boolean news =
        before.isEmpty()
            || !before.get().paths().equals(now.paths())
            || !before.get().applied().equals(now.applied());
    return journal
        .write(
            judged.endpointName(),
            (device, journey) ->
                CompletableFuture.completedStage(
                    device.claim().equals(judged.claim())
                        ? Optional.of(entry(device, began, now, news))
                        : Optional.empty()))
        .thenApply(device -> null);
  }

  private Entry entry(Device device, Instant began, ConfigurationStatus now, boolean news) {
    Device next = next(device, now);
    boolean arrived = next.state() == DeviceState.CONFIGURED && next != device;
    List<FleetEvent> events = new ArrayList<>();
    if (holds(now) && (arrived || news)) {
      events.add(journal.event(next, "device.configured", counts(now)));
    } else if (!failing(now).isEmpty() && news) {
      events.add(journal.event(next, "device.drifted", Map.of("paths", failing(now))));
    }
    String home = device.endpointName().value();
    return new Entry(
        next,
        arrived || (news && !isAway(now) && !now.paths().isEmpty())
            ? Optional.of(step(began, now))
            : Optional.empty(),
        List.of(new Change.Edit.Put<>(Kinds.CONFIGURATION_STATUS, home, Change.ANY_VERSION, now)),
        events);
  }

  /** {@code CONFIGURED} while every path is held; without any path there is nothing to hold. */
  private Device next(Device device, ConfigurationStatus now) {
    if (holds(now) && device.state() == DeviceState.REGISTERED) {
      return device.become(DeviceState.CONFIGURED, now.at());
    }
    return !holds(now) && !now.paths().isEmpty() && device.state() == DeviceState.CONFIGURED
        ? device.become(DeviceState.REGISTERED, now.at())
        : device;
  }

  private static boolean holds(ConfigurationStatus status) {
    return !status.paths().isEmpty()
        && status.paths().values().stream()
            .allMatch(path -> path.result() == Result.IN_STEP || path.result() == Result.WRITTEN);
  }

  private static boolean isAway(ConfigurationStatus status) {
    return status.paths().values().stream().anyMatch(path -> path.result() == Result.UNREACHABLE);
  }

  private static Step step(Instant began, ConfigurationStatus now) {
    return new Step(
        "configuration",
        began,
        Duration.between(began, now.at()).toMillis(),
        holds(now),
        holds(now) ? counts(now) : with(counts(now), failing(now)));
  }

  private static Map<String, String> with(Map<String, String> counts, String failing) {
    return Map.of(
        "documents",
        counts.get("documents"),
        "paths",
        counts.get("paths"),
        "reason",
        "not held: " + failing);
  }

  private static Map<String, String> counts(ConfigurationStatus status) {
    return Map.of(
        "documents",
        Integer.toString(status.applied().size()),
        "paths",
        Integer.toString(status.paths().size()));
  }

  private static String failing(ConfigurationStatus status) {
    return status.paths().entrySet().stream()
        .filter(
            path ->
                path.getValue().result() == Result.DRIFTED
                    || path.getValue().result() == Result.REJECTED)
        .map(Map.Entry::getKey)
        .sorted()
        .limit(PATHS_IN_EVENT)
        .collect(Collectors.joining(" "));
  }
}
