package org.firstlight.dm.operation;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.configuration.ReportedValues;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.ValueText;

/** Keeps what devices tell, without their secrets, and says that there is something new. */
public final class DeviceValues {
  private static final int PATHS_IN_EVENT = 20;
  private static final int MAX_TEXT = 4_096;

  private final ReportedValues values;
  private final FleetState records;
  private final SecretPaths secrets;
  private final Clock clock;

  public DeviceValues(ReportedValues values, FleetState records, SecretPaths secrets, Clock clock) {
    this.values = values;
    this.records = records;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * Stores them.
   *
   * @param source "read", "notify", "send" or "write"
   * @return completes with what may be shown, once it is stored
   */
  public CompletionStage<Hiding> keep(
      EndpointName endpointName, Map<LwM2mPath, TypedValue> told, String source) {
    return secrets
        .of(endpointName)
        .thenCompose(
            configured -> {
              Hiding hiding = Hiding.in(told, configured);
              return store(endpointName, hiding, source).thenApply(done -> hiding);
            });
  }

  private CompletionStage<Void> store(EndpointName endpointName, Hiding hiding, String source) {
    if (hiding.shown().isEmpty() && hiding.hidden().isEmpty()) {
      return CompletableFuture.completedStage(null);
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
    return values
        .store(endpointName, reported)
        .thenCompose(done -> announce(endpointName, reported.keySet(), source));
  }

  private static ReportedValue value(TypedValue value, Instant now, String source) {
    String text = ValueText.format(value);
    return new ReportedValue(
        value.type().name(),
        text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text,
        now,
        source);
  }

  /** An event that names the paths; who wants the values reads them. */
  private CompletionStage<Void> announce(
      EndpointName endpointName, Set<String> paths, String source) {
    String home = endpointName.value();
    String named = paths.stream().limit(PATHS_IN_EVENT).collect(Collectors.joining(" "));
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCompose(
            device ->
                records.commit(
                    Change.in(home)
                        .event(
                            new FleetEvent(
                                clock.instant(),
                                "device.values-changed",
                                Optional.of(endpointName),
                                device.map(Stored::value).flatMap(Device::owner),
                                Map.of("paths", named, "source", source)))
                        .build()))
        .thenApply(done -> null);
  }
}
