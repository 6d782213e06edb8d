package org.firstlight.dm.configuration;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.firstlight.dm.operation.SecretPaths;
import org.firstlight.fleet.configuration.WrittenSecrets;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.path.LwM2mPath;
import org.jspecify.annotations.Nullable;

/**
 * Hides on a device what a document gives it as a secret, and what any ever gave: the device holds
 * it still when the document is gone, or its owner.
 */
public final class ConfiguredSecrets implements SecretPaths {
  /** As many as one node holds devices; then all are forgotten, and read again. */
  private static final int MOST_KNOWN = 1_000_000;

  private final FleetState records;
  private final ConfigurationDocuments documents;
  private final Map<EndpointName, Known> known = new ConcurrentHashMap<>();

  public ConfiguredSecrets(FleetState records, ConfigurationDocuments documents) {
    this.records = records;
    this.documents = documents;
  }

  /**
   * What is remembered of a device: small, for there may be a million.
   *
   * @param device version of its record; 0 for none
   * @param written version of the record of what it was ever given
   * @param documents generation of those that were looked at
   */
  private record Known(
      long device, long written, @Nullable String owner, Set<LwM2mPath> paths, long documents) {
    Of of(String home) {
      return new Of(
          Optional.ofNullable(owner),
          paths,
          List.of(
              new Change.Edit.Keep<>(Kinds.DEVICE, home, device),
              new Change.Edit.Keep<>(Kinds.WRITTEN_SECRETS, home, written)));
    }
  }

  @Override
  public CompletionStage<Of> of(EndpointName endpointName) {
    Known remembered = known.get(endpointName);
    return remembered != null && remembered.documents() == documents.view().generation()
        ? CompletableFuture.completedStage(remembered.of(endpointName.value()))
        : read(endpointName);
  }

  @Override
  public CompletionStage<Of> read(EndpointName endpointName) {
    String home = endpointName.value();
    ConfigurationDocuments.View current = documents.view();
    CompletionStage<Optional<Stored<WrittenSecrets>>> written =
        records.find(Kinds.WRITTEN_SECRETS, home, home);
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(written, (device, ever) -> known(current, device, ever))
        .thenApply(
            found -> {
              if (known.size() >= MOST_KNOWN) {
                known.clear();
              }
              known.put(endpointName, found);
              return found.of(home);
            });
  }

  private static Known known(
      ConfigurationDocuments.View documents,
      Optional<Stored<Device>> device,
      Optional<Stored<WrittenSecrets>> ever) {
    Set<LwM2mPath> now =
        device
            .map(found -> ConfigurationDocuments.effective(documents.all(), found.value()))
            .map(EffectiveConfiguration::secretPaths)
            .orElse(Set.of());
    return new Known(
        device.map(Stored::version).orElse(0L),
        ever.map(Stored::version).orElse(0L),
        // the tenants are few, and each has a million devices at most
        device.flatMap(found -> found.value().owner()).map(String::intern).orElse(null),
        with(ever.map(Stored::value), now),
        documents.generation());
  }

  /** Secret is what ever was written as such, and what a document has as such now. */
  public static Set<LwM2mPath> with(Optional<WrittenSecrets> ever, Set<LwM2mPath> now) {
    return Stream.concat(
            now.stream(),
            ever.map(WrittenSecrets::paths).orElse(Set.of()).stream()
                .flatMap(path -> LwM2mPath.tryParse(path).stream()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Call before the device is given these; once it completes they stay secret. */
  CompletionStage<Void> remember(EndpointName endpointName, Set<LwM2mPath> secrets) {
    if (secrets.isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    String home = endpointName.value();
    return records
        .find(Kinds.WRITTEN_SECRETS, home, home)
        .thenCompose(
            ever -> {
              Set<String> paths = new HashSet<>();
              ever.ifPresent(stored -> paths.addAll(stored.value().paths()));
              return secrets.stream().map(LwM2mPath::toString).filter(paths::add).count() == 0
                  ? CompletableFuture.completedStage(null)
                  : store(endpointName, secrets, ever.map(Stored::version).orElse(0L), paths);
            });
  }

  private CompletionStage<Void> store(
      EndpointName endpointName, Set<LwM2mPath> secrets, long version, Set<String> paths) {
    String home = endpointName.value();
    return records
        .commit(
            Change.in(home)
                .put(Kinds.WRITTEN_SECRETS, home, version, new WrittenSecrets(paths))
                .build())
        .thenCompose(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? CompletableFuture.completedStage(null)
                    : remember(endpointName, secrets));
  }
}
