package org.firstlight.dm.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.firstlight.dm.access.AccessPolicy;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.configuration.ConfigurationDocuments;
import org.firstlight.dm.configuration.ConfiguredSecrets;
import org.firstlight.dm.configuration.EffectiveConfiguration;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.path.LwM2mPath;
import org.jspecify.annotations.Nullable;

/** What a device holds, and what it should hold. */
final class HoldingRoutes {
  private final Stores stores;
  private final BlockingState state;
  private final Devices devices;
  private final Supplier<ObjectModels> models;

  HoldingRoutes(Stores stores, Devices devices, Supplier<ObjectModels> models) {
    this.stores = stores;
    this.state = new BlockingState(stores.records());
    this.devices = devices;
    this.models = models;
  }

  record ResourceView(
      String path,
      Optional<String> name,
      Optional<String> object,
      String type,
      Optional<String> units,
      Optional<String> value,
      Optional<Boolean> secret,
      Instant at,
      String source) {}

  record DocumentVersion(String id, long version) {}

  record PathView(
      String path,
      Optional<String> name,
      String configuration,
      Optional<String> desired,
      Optional<String> reported,
      Optional<Boolean> secret,
      String result,
      String message) {}

  record Drift(Optional<Instant> at, List<DocumentVersion> documents, List<PathView> paths) {}

  Answer resources(Call call) {
    Device device = seen(call).value();
    Set<LwM2mPath> secrets = secrets(device, effective(device));
    Map<LwM2mPath, ReportedValue> sorted = new TreeMap<>();
    values(device, call.principal())
        .forEach(
            (text, value) ->
                LwM2mPath.tryParse(text)
                    .filter(path -> path.depth() >= 3)
                    .filter(
                        path ->
                            AccessPolicy.refuse(
                                    call.principal().kind(), path, AccessPolicy.Action.READ)
                                .isEmpty())
                    .ifPresent(path -> sorted.put(path, value)));
    List<ResourceView> views = new ArrayList<>();
    sorted.forEach((path, value) -> views.add(view(path, value, hidden(path, secrets))));
    return Answer.ok(Call.Items.of(views));
  }

  /** What the device told under an earlier owner is not the next one's to see. */
  private Map<String, ReportedValue> values(Device device, Principal principal) {
    Map<String, ReportedValue> all =
        new HashMap<>(BlockingState.await(stores.values().find(device.endpointName())));
    if (principal.kind() == Tenant.Kind.SERVICE_PROVIDER) {
      Instant since = device.claim().map(Claim::at).orElse(Instant.MAX);
      all.values().removeIf(value -> value.at().isBefore(since));
    }
    return all;
  }

  private ResourceView view(LwM2mPath path, ReportedValue value, boolean hidden) {
    Optional<ResourceDefinition> resource = models.get().resource(path);
    return new ResourceView(
        path.toString(),
        resource.map(ResourceDefinition::name),
        models.get().find(path.objectId()).map(ObjectDefinition::name),
        value.type(),
        resource.map(ResourceDefinition::units).filter(units -> !units.isEmpty()),
        hidden ? Optional.empty() : Optional.of(value.value()),
        hidden ? Optional.of(true) : Optional.empty(),
        value.at(),
        value.source());
  }

  private EffectiveConfiguration effective(Device device) {
    return ConfigurationDocuments.effective(
        device
            .owner()
            .map(owner -> state.listAll(Kinds.CONFIGURATION, one -> one.tenant().equals(owner)))
            .orElse(List.of()),
        device);
  }

  private Set<LwM2mPath> secrets(Device device, EffectiveConfiguration effective) {
    return ConfiguredSecrets.with(
        state.find(Kinds.WRITTEN_SECRETS, device.endpointName().value()).map(Stored::value),
        effective.secretPaths());
  }

  private static boolean hidden(LwM2mPath path, Set<LwM2mPath> secrets) {
    return secrets.stream().anyMatch(secret -> path.startsWith(secret) || secret.startsWith(path));
  }

  Answer drift(Call call) {
    Stored<Device> device = seen(call);
    Optional<ConfigurationStatus> status =
        state.find(Kinds.CONFIGURATION_STATUS, device.id(), device.id()).map(Stored::value);
    Map<String, ReportedValue> reported = values(device.value(), call.principal());
    Map<LwM2mPath, PathView> paths = new TreeMap<>();
    EffectiveConfiguration effective = effective(device.value());
    Set<LwM2mPath> secrets = secrets(device.value(), effective);
    effective
        .desired()
        .forEach(
            (text, desired) -> {
              LwM2mPath path = LwM2mPath.parse(text);
              ReportedValue shown = hidden(path, secrets) ? null : reported.get(text);
              paths.put(path, path(text, desired, status, shown));
            });
    List<DocumentVersion> applied =
        status.map(ConfigurationStatus::applied).orElse(Map.of()).entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(one -> new DocumentVersion(one.getKey(), one.getValue()))
            .toList();
    return Answer.ok(
        new Drift(status.map(ConfigurationStatus::at), applied, List.copyOf(paths.values())));
  }

  /** Pending is what the last comparison did not know of yet. */
  private PathView path(
      String path,
      EffectiveConfiguration.Desired desired,
      Optional<ConfigurationStatus> status,
      @Nullable ReportedValue reported) {
    Optional<ConfigurationStatus.PathStatus> known =
        status
            .map(one -> one.paths().get(path))
            .filter(one -> one.configuration().equals(desired.configuration()));
    boolean secret = desired.value().secret().isPresent();
    return new PathView(
        path,
        models.get().resource(LwM2mPath.parse(path)).map(ResourceDefinition::name),
        desired.configuration(),
        desired.value().clear(),
        Optional.ofNullable(reported).map(ReportedValue::value),
        secret ? Optional.of(true) : Optional.empty(),
        known.map(one -> one.result().name()).orElse("PENDING"),
        known.map(ConfigurationStatus.PathStatus::message).orElse(""));
  }

  private Stored<Device> seen(Call call) {
    return Call.demand(devices.find(call.param("endpointName"), call.principal()));
  }
}
