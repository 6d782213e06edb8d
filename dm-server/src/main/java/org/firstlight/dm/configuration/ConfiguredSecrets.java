package org.firstlight.dm.configuration;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.operation.SecretPaths;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.path.LwM2mPath;

/** Hides on a device what a document gave it as a secret. */
public final class ConfiguredSecrets implements SecretPaths {
  private final FleetState records;
  private final ConfigurationDocuments documents;

  public ConfiguredSecrets(FleetState records, ConfigurationDocuments documents) {
    this.records = records;
    this.documents = documents;
  }

  @Override
  public CompletionStage<Set<LwM2mPath>> of(EndpointName endpointName) {
    String home = endpointName.value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenApply(
            found ->
                found
                    .map(Stored::value)
                    .map(device -> documents.effective(device).secretPaths())
                    .orElse(Set.of()));
  }
}
