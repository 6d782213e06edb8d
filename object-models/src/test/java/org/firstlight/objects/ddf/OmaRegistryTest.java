package org.firstlight.objects.ddf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.OmaRegistry;
import org.firstlight.objects.ddf.DdfOutcome.DdfLoaded;
import org.firstlight.objects.ddf.DdfOutcome.DdfRefused;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.leshan.LeshanModels;
import org.junit.jupiter.api.Test;

/** Every file that OMA publishes, as far as we hold them. */
class OmaRegistryTest {
  private static final String A_SCHEMA = "line \\d+: <schema> is no element of a DDF";

  /** The files that are refused, and why each truly cannot be an object definition. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "LWM2M.xsd", A_SCHEMA,
          "LWM2M-v1_1.xsd", A_SCHEMA);

  @Test
  void every_definition_loads_and_every_refusal_is_true() {
    Map<String, String> refused = new TreeMap<>();
    for (Path file : OmaRegistry.files()) {
      String name = file.getFileName().toString();
      DdfOutcome outcome = new DdfReader().read(OmaRegistry.read(file));
      if (outcome instanceof DdfRefused refusal) {
        refused.put(name, refusal.reason());
      } else if (outcome instanceof DdfLoaded loaded) {
        assertThat(loaded.definitions())
            .as(name)
            .extracting(ObjectDefinition::id)
            .containsExactly(Integer.valueOf(name.replace(".xml", "")));
      }
    }
    assertThat(refused.keySet()).isEqualTo(new TreeMap<>(REFUSED).keySet());
    refused.forEach((name, reason) -> assertThat(reason).as(name).matches(REFUSED.get(name)));
  }

  @Test
  void most_ranges_are_understood_and_the_rest_is_free_text() {
    List<String> free =
        definitions().stream()
            .flatMap(object -> object.resources().values().stream())
            .map(ResourceDefinition::range)
            .filter(range -> !range.text().isEmpty() && !range.enforced())
            .map(range -> range.text())
            .distinct()
            .toList();
    assertThat(free)
        .containsExactlyInAnyOrder(
            "The possible values are those listed in the LwM2M Core Specification",
            "<7 to >12.5",
            "ON;OFF",
            "2 Instances",
            "255",
            "0..65535"); // on a Boolean
  }

  @Test
  void loaded_definitions_join_the_catalogue_and_leshan_takes_them() {
    List<ObjectDefinition> definitions = definitions();
    ObjectModels models = ObjectModels.builtIn().with(definitions);
    assertThat(models.all()).containsAll(definitions);
    definitions.forEach(
        object ->
            assertThat(
                    LeshanModels.repository(models.all())
                        .getObjectModel(object.id(), object.version().toString())
                        .resources)
                .hasSameSizeAs(object.resources().entrySet()));
  }

  private static List<ObjectDefinition> definitions() {
    return OmaRegistry.files().stream()
        .map(file -> new DdfReader().read(OmaRegistry.read(file)))
        .flatMap(
            outcome ->
                outcome instanceof DdfLoaded loaded
                    ? loaded.definitions().stream()
                    : Stream.empty())
        .toList();
  }
}
