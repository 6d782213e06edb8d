package org.firstlight.dm.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.firstlight.dm.access.AccessPolicy;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.path.LwM2mPath;

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
    List<LwM2mPath> secrets = secretPaths(device);
    Map<LwM2mPath, ReportedValue> sorted = new TreeMap<>();
    BlockingState.await(stores.values().find(device.endpointName()))
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

  /** Paths where a document of the device's owner has a secret. */
  private List<LwM2mPath> secretPaths(Device device) {
    return documents(device).stream()
        .flatMap(document -> document.value().values().entrySet().stream())
        .filter(entry -> entry.getValue().secret().isPresent())
        .map(entry -> LwM2mPath.parse(entry.getKey()))
        .toList();
  }

  private static boolean hidden(LwM2mPath path, List<LwM2mPath> secrets) {
    return secrets.stream().anyMatch(secret -> path.startsWith(secret) || secret.startsWith(path));
  }

  private List<Stored<Configuration>> documents(Device device) {
    return device
        .owner()
        .map(owner -> state.listAll(Kinds.CONFIGURATION, one -> one.tenant().equals(owner)))
        .orElse(List.of());
  }

  Answer drift(Call call) {
    Stored<Device> device = seen(call);
    Optional<ConfigurationStatus> status =
        state.find(Kinds.CONFIGURATION_STATUS, device.id(), device.id()).map(Stored::value);
    Map<String, ReportedValue> reported =
        BlockingState.await(stores.values().find(device.value().endpointName()));
    List<Stored<Configuration>> documents = documents(device.value());
    Map<LwM2mPath, PathView> paths = new TreeMap<>();
    for (Stored<Configuration> document : documents) {
      if (selects(document.value(), device.value())) {
        document
            .value()
            .values()
            .forEach(
                (path, value) ->
                    paths.put(
                        LwM2mPath.parse(path), path(path, document.id(), value, status, reported)));
      }
    }
    status.ifPresent(
        known ->
            known
                .paths()
                .forEach((path, one) -> take(paths, path, one, documents, status, reported)));
    List<DocumentVersion> applied =
        status
            .map(
                known ->
                    new TreeSet<>(known.applied().keySet())
                        .stream()
                            .map(id -> new DocumentVersion(id, known.applied().get(id)))
                            .toList())
            .orElse(List.of());
    return Answer.ok(
        new Drift(status.map(ConfigurationStatus::at), applied, List.copyOf(paths.values())));
  }

  /** What the last comparison says of a path is shown under the document that it came from. */
  private void take(
      Map<LwM2mPath, PathView> paths,
      String path,
      ConfigurationStatus.PathStatus one,
      List<Stored<Configuration>> documents,
      Optional<ConfigurationStatus> status,
      Map<String, ReportedValue> reported) {
    documents.stream()
        .filter(document -> document.id().equals(one.configuration()))
        .map(document -> document.value().values().get(path))
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            value ->
                paths.put(
                    LwM2mPath.parse(path),
                    path(path, one.configuration(), value, status, reported)));
  }

  private PathView path(
      String path,
      String configuration,
      Configuration.Value value,
      Optional<ConfigurationStatus> status,
      Map<String, ReportedValue> reported) {
    Optional<ConfigurationStatus.PathStatus> known =
        status
            .map(one -> one.paths().get(path))
            .filter(one -> one.configuration().equals(configuration));
    boolean secret = value.secret().isPresent();
    return new PathView(
        path,
        models.get().resource(LwM2mPath.parse(path)).map(ResourceDefinition::name),
        configuration,
        value.clear(),
        secret
            ? Optional.empty()
            : Optional.ofNullable(reported.get(path)).map(ReportedValue::value),
        secret ? Optional.of(true) : Optional.empty(),
        known.map(one -> one.result().name()).orElse("PENDING"),
        known.map(ConfigurationStatus.PathStatus::message).orElse(""));
  }

  private static boolean selects(Configuration document, Device device) {
    return (document.endpointNames().isEmpty()
            || document.endpointNames().contains(device.endpointName().value()))
        && (document.models().isEmpty() || document.models().contains(device.model()));
  }

  private Stored<Device> seen(Call call) {
    return Call.demand(devices.find(call.param("endpointName"), call.principal()));
  }
}
