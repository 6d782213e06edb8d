package org.firstlight.dm.operation;

import static java.util.stream.Collectors.joining;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.configuration.ReportedValues;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.ValueText;

/** Keeps what devices tell, without their secrets, and says that there is something new. */
public final class DeviceValues {
  private static final int PATHS_IN_EVENT = 20;
  private static final int MAX_TEXT = 4_096;
  private static final int MOST_TRIES = 10;

  private final ReportedValues values;
  private final SecretPaths secrets;
  private final Clock clock;

  public DeviceValues(ReportedValues values, SecretPaths secrets, Clock clock) {
    this.values = values;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * What was told.
   *
   * @param stored false if the device is not registered any more
   */
  public record Told(Hiding hiding, boolean stored) {}

  /**
   * Stores what a device told by itself, or was given.
   *
   * @param source "notify", "send" or "write"
   * @return completes with what may be shown, once it is stored
   */
  public CompletionStage<Told> keep(
      EndpointName endpointName, Map<LwM2mPath, TypedValue> told, String source) {
    return keep(endpointName, told, source, Instant.MAX);
  }

  /** When a device that is asked now is asked, for {@link #keepAnswer}. */
  Instant now() {
    return clock.instant();
  }

  /** The same of an answer: what the device told by itself after it was asked is newer. */
  CompletionStage<Told> keepAnswer(
      EndpointName endpointName, Map<LwM2mPath, TypedValue> told, Instant asked) {
    return keep(endpointName, told, "read", asked);
  }

  private CompletionStage<Told> keep(
      EndpointName endpointName, Map<LwM2mPath, TypedValue> told, String source, Instant asked) {
    return secrets
        .of(endpointName)
        .thenCompose(known -> keep(endpointName, told, source, asked, known, 1));
  }

  /** Mostly what this node remembers of the secrets still holds, and that is all. */
  private CompletionStage<Told> keep(
      EndpointName endpointName,
      Map<LwM2mPath, TypedValue> told,
      String source,
      Instant asked,
      SecretPaths.Of known,
      int turn) {
    Hiding hiding = Hiding.in(told, known.paths());
    return store(endpointName, known, hiding, source, asked)
        .thenCompose(
            kept -> {
              if (kept != ReportedValues.Kept.RECORDS_CHANGED) {
                return CompletableFuture.completedStage(
                    new Told(hiding, kept == ReportedValues.Kept.STORED));
              }
              return turn == MOST_TRIES
                  ? CompletableFuture.failedStage(
                      new DependencyUnavailableException("busy: others keep changing this device"))
                  : secrets
                      .read(endpointName)
                      .thenCompose(now -> keep(endpointName, told, source, asked, now, turn + 1));
            });
  }

  private CompletionStage<ReportedValues.Kept> store(
      EndpointName endpointName,
      SecretPaths.Of known,
      Hiding hiding,
      String source,
      Instant asked) {
    if (hiding.shown().isEmpty() && hiding.hidden().isEmpty()) {
      return CompletableFuture.completedStage(ReportedValues.Kept.STORED);
    }
    Instant now = clock.instant();
    Map<String, ReportedValue> reported = new TreeMap<>();
    hiding
        .shown()
        .forEach((path, value) -> reported.put(path.toString(), value(value, now, source)));
    hiding
        .hidden()
        .forEach(
            path -> reported.put(path.toString(), new ReportedValue("SECRET", "•••", now, source)));
    // names the paths; who wants the values reads them
    String named = reported.keySet().stream().limit(PATHS_IN_EVENT).collect(joining(" "));
    FleetEvent changed =
        new FleetEvent(
            now,
            FleetEvent.VALUES_CHANGED,
            Optional.of(endpointName),
            known.owner(),
            Map.of("paths", named, "source", source));
    return values.store(
        endpointName, reported, asked.isBefore(now) ? asked : now, changed, known.still());
  }

  private static ReportedValue value(TypedValue value, Instant now, String source) {
    String text = ValueText.format(value);
    return new ReportedValue(
        value.type().name(),
        text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text,
        now,
        source);
  }
}
