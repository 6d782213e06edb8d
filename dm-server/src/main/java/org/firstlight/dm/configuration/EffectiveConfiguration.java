package org.firstlight.dm.configuration;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.path.LwM2mPath;

/**
 * The documents for one device as one. Of two that name a path, the narrower one counts: for chosen
 * devices before for chosen models before for all; of equals, the one whose id sorts last.
 *
 * @param documents id to version
 * @param desired by path
 */
public record EffectiveConfiguration(
    Map<String, Long> documents, SortedMap<String, Desired> desired) {
  private static final Comparator<Stored<Configuration>> NARROWEST_LAST =
      Comparator.comparing((Stored<Configuration> d) -> !d.value().endpointNames().isEmpty())
          .thenComparing(d -> !d.value().models().isEmpty())
          .thenComparing(d -> d.value().id());

  public EffectiveConfiguration {
    documents = Map.copyOf(documents);
    desired = Collections.unmodifiableSortedMap(new TreeMap<>(desired));
  }

  /**
   * @param configuration id of the document that says so
   * @param tenant whose document it is
   * @param version of the document
   */
  public record Desired(
      String configuration, String tenant, long version, Configuration.Value value) {}

  static EffectiveConfiguration merge(List<Stored<Configuration>> documents) {
    SortedMap<String, Desired> desired = new TreeMap<>();
    documents.stream()
        .sorted(NARROWEST_LAST)
        .forEach(
            stored -> {
              Configuration document = stored.value();
              document
                  .values()
                  .forEach(
                      (path, value) ->
                          desired.put(
                              path,
                              new Desired(
                                  document.id(), document.tenant(), stored.version(), value)));
            });
    return new EffectiveConfiguration(
        documents.stream().collect(Collectors.toMap(d -> d.value().id(), Stored::version)),
        desired);
  }

  /** Where it has secrets. */
  public Set<LwM2mPath> secretPaths() {
    return desired.entrySet().stream()
        .filter(entry -> entry.getValue().value().secret().isPresent())
        .flatMap(entry -> LwM2mPath.tryParse(entry.getKey()).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
