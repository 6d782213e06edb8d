package org.firstlight.dm.configuration;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

/**
 * Hides on a device what a document gives it as a secret, and what any ever gave: the device holds
 * it still when the document is gone, or its owner.
 */
public final class ConfiguredSecrets implements SecretPaths {
  private final FleetState records;
  private final ConfigurationDocuments documents;

  public ConfiguredSecrets(FleetState records, ConfigurationDocuments documents) {
    this.records = records;
    this.documents = documents;
  }

  @Override
  public CompletionStage<Of> of(EndpointName endpointName) {
    String home = endpointName.value();
    CompletionStage<Optional<Stored<WrittenSecrets>>> written =
        records.find(Kinds.WRITTEN_SECRETS, home, home);
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(
            written,
            (device, ever) ->
                new Of(
                    device.map(Stored::value).flatMap(Device::owner),
                    with(
                        ever.map(Stored::value),
                        device
                            .map(Stored::value)
                            .map(documents::effective)
                            .map(EffectiveConfiguration::secretPaths)
                            .orElse(Set.of()))));
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
            known -> {
              Set<String> paths = new HashSet<>();
              known.ifPresent(stored -> paths.addAll(stored.value().paths()));
              return secrets.stream().map(LwM2mPath::toString).filter(paths::add).count() == 0
                  ? CompletableFuture.completedStage(null)
                  : store(endpointName, secrets, known.map(Stored::version).orElse(0L), paths);
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
