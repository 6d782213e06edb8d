package org.firstlight.dm.configuration;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.firstlight.dm.configuration.EffectiveConfiguration.Desired;
import org.firstlight.dm.operation.DeviceQueue;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.DeviceListener;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.PathStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.Result;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.Registrations;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies configurations: when a device registers, when a document changes, and when a device that
 * could not be reached is heard of again.
 */
public final class DeviceConfigurations implements Configurations, DeviceListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceConfigurations.class);
  private static final int SIDE_BY_SIDE = 32;

  private final FleetState records;
  private final Registrations registrations;
  private final Contacts contacts;
  private final ConfigurationDocuments documents;
  private final ConfiguredSecrets secrets;
  private final PathApplication paths;
  private final ConfigurationOutcome outcome;
  private final Clock clock;
  private final DeviceQueue<Void> queue = new DeviceQueue<>(done -> Optional.empty());
  private final Set<EndpointName> due = ConcurrentHashMap.newKeySet();

  public DeviceConfigurations(
      FleetState records,
      Registrations registrations,
      Contacts contacts,
      ConfigurationDocuments documents,
      ConfiguredSecrets secrets,
      PathApplication paths,
      ConfigurationOutcome outcome,
      Clock clock) {
    this.records = records;
    this.registrations = registrations;
    this.contacts = contacts;
    this.documents = documents;
    this.secrets = secrets;
    this.paths = paths;
    this.outcome = outcome;
    this.clock = clock;
  }

  /** Where nobody wrote a document, a device matters only if something was applied to it. */
  @Override
  public CompletionStage<Boolean> concerns(Registration registration, Occasion occasion) {
    EndpointName endpointName = registration.endpointName();
    if (documents.areNone()) {
      return status(endpointName).thenApply(Optional::isPresent);
    }
    return read(endpointName)
        .thenApply(
            known ->
                known
                    .filter(occasion == Occasion.HEARD_AGAIN ? Known::isDue : Known::isOfInterest)
                    .isPresent());
  }

  @Override
  public CompletionStage<Void> heard(Registration registration, Occasion occasion) {
    EndpointName endpointName = registration.endpointName();
    return switch (occasion) {
      case REGISTERED, OBJECTS_CHANGED -> apply(endpointName);
      case HEARD_AGAIN -> applyIfDue(endpointName);
    };
  }

  @Override
  public void updated(EndpointName endpointName) {
    if (due.contains(endpointName)) {
      apply(endpointName)
          .exceptionally(
              fault -> {
                due.add(endpointName);
                LOG.warn("{}: its configuration waits for its next contact", endpointName);
                LOG.debug("why it waits", fault);
                return null;
              });
    }
  }

  @Override
  public CompletionStage<Void> changed(String configurationId) {
    return documents
        .refresh()
        .thenAccept(
            done -> {
              Deque<EndpointName> waiting = new ArrayDeque<>(contacts.endpointNames());
              for (int lane = 0; lane < SIDE_BY_SIDE; lane++) {
                applyNext(waiting);
              }
            });
  }

  private void applyNext(Deque<EndpointName> waiting) {
    Optional<EndpointName> next;
    synchronized (waiting) {
      next = Optional.ofNullable(waiting.poll());
    }
    next.ifPresent(
        endpointName ->
            applyIfDue(endpointName)
                .whenComplete(
                    (done, fault) -> {
                      if (fault != null) {
                        due.add(endpointName);
                        LOG.warn("{}: its configuration waits for its next contact", endpointName);
                        LOG.debug("why it waits", fault);
                      }
                      applyNext(waiting);
                    }));
  }

  /** Only where the documents differ from those applied last, or a path was not reached. */
  private CompletionStage<Void> applyIfDue(EndpointName endpointName) {
    return read(endpointName)
        .thenCompose(
            known ->
                known.filter(Known::isDue).isPresent()
                    ? apply(endpointName)
                    : CompletableFuture.completedStage(null));
  }

  @Override
  public CompletionStage<Void> apply(EndpointName endpointName) {
    due.remove(endpointName);
    return queue
        .submit(endpointName, () -> applyNow(endpointName))
        .orElseGet(() -> CompletableFuture.completedStage(null));
  }

  private CompletionStage<Void> applyNow(EndpointName endpointName) {
    CompletionStage<Optional<Registration>> registration =
        registrations
            .findAll(endpointName)
            .thenApply(all -> all.stream().max(Comparator.comparing(Registration::lastContact)));
    return read(endpointName)
        .thenCombine(registration, Situation::new)
        .thenCompose(
            found ->
                found.known().isEmpty() || found.registration().isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : bring(found.known().get(), found.registration().get()));
  }

  private record Situation(Optional<Known> known, Optional<Registration> registration) {}

  /** What is stored about a device and its configuration. */
  private record Known(
      Device device, Optional<ConfigurationStatus> status, EffectiveConfiguration effective) {
    boolean isOfInterest() {
      return !effective.desired().isEmpty() || status.isPresent();
    }

    boolean isDue() {
      Map<String, Long> applied = status.map(ConfigurationStatus::applied).orElse(Map.of());
      return !applied.equals(effective.documents())
          || status
              .filter(
                  found ->
                      found.paths().values().stream()
                          .anyMatch(path -> path.result() == Result.UNREACHABLE))
              .isPresent();
    }

    /** A secret that this version wrote stays, unless the device began anew since. */
    Optional<PathStatus> stillGood(String path, Desired desired) {
      return status
          .filter(found -> device.state() == DeviceState.CONFIGURED)
          .filter(
              found ->
                  Long.valueOf(desired.version())
                      .equals(found.applied().get(desired.configuration())))
          .map(found -> found.paths().get(path))
          .filter(
              before ->
                  before.result() == Result.WRITTEN
                      && before.configuration().equals(desired.configuration()));
    }
  }

  private CompletionStage<Optional<Known>> read(EndpointName endpointName) {
    String home = endpointName.value();
    CompletionStage<Optional<Stored<ConfigurationStatus>>> status = status(endpointName);
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(
            status,
            (device, stored) ->
                device
                    .map(Stored::value)
                    .map(
                        found ->
                            new Known(
                                found, stored.map(Stored::value), documents.effective(found))));
  }

  private CompletionStage<Optional<Stored<ConfigurationStatus>>> status(EndpointName endpointName) {
    return records.find(Kinds.CONFIGURATION_STATUS, endpointName.value(), endpointName.value());
  }

  private CompletionStage<Void> bring(Known known, Registration registration) {
    if (!known.isOfInterest()) {
      return CompletableFuture.completedStage(null);
    }
    Map<String, PathStatus> results = new TreeMap<>();
    List<Map.Entry<String, Desired>> rest = new ArrayList<>(known.effective().desired().entrySet());
    Instant began = clock.instant();
    EndpointName endpointName = registration.endpointName();
    return secrets
        .remember(endpointName, known.effective().secretPaths())
        .thenCompose(remembered -> applyEach(known, registration, rest, results))
        .thenCompose(
            done -> {
              if (results.values().stream().anyMatch(p -> p.result() == Result.UNREACHABLE)) {
                due.add(registration.endpointName());
              }
              return outcome.record(
                  known.device(), began, known.effective().documents(), results, known.status());
            });
  }

  /** Path after path; once the device is away the rest is not tried. */
  private CompletionStage<Void> applyEach(
      Known known,
      Registration registration,
      List<Map.Entry<String, Desired>> rest,
      Map<String, PathStatus> results) {
    if (rest.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    Map.Entry<String, Desired> next = rest.remove(0);
    String path = next.getKey();
    Desired desired = next.getValue();
    Optional<PathStatus> good = known.stillGood(path, desired);
    return good.<CompletionStage<PathStatus>>map(CompletableFuture::completedStage)
        .orElseGet(() -> paths.apply(registration, path, desired))
        .thenCompose(
            result -> {
              results.put(path, result);
              if (result.result() == Result.UNREACHABLE) {
                rest.forEach(
                    entry ->
                        results.put(
                            entry.getKey(),
                            new PathStatus(
                                entry.getValue().configuration(),
                                Result.UNREACHABLE,
                                result.message())));
                rest.clear();
              }
              return applyEach(known, registration, rest, results);
            });
  }
}
