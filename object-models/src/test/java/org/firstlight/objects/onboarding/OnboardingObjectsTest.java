package org.firstlight.objects.onboarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.firstlight.objects.OmaRegistry;
import org.firstlight.objects.ddf.DdfOutcome.DdfLoaded;
import org.firstlight.objects.ddf.DdfReader;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.Operations;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.value.ValueType;
import org.junit.jupiter.api.Test;

class OnboardingObjectsTest {
  private static final int PRIVATE_RANGE = 26_241;

  @Test
  void facts_agree_with_the_public_definitions() {
    Map<String, byte[]> registry =
        OmaRegistry.files().stream()
            .collect(Collectors.toMap(file -> file.getFileName().toString(), OmaRegistry::read));
    for (ObjectDefinition ours : OnboardingObjects.definitions()) {
      DdfLoaded loaded = (DdfLoaded) new DdfReader().read(registry.get(ours.id() + ".xml"));
      assertThat(facts(ours)).isEqualTo(facts(loaded.definitions().get(0)));
    }
  }

  @Test
  void words_are_our_own() {
    Map<String, byte[]> registry =
        OmaRegistry.files().stream()
            .collect(Collectors.toMap(file -> file.getFileName().toString(), OmaRegistry::read));
    for (ObjectDefinition ours : OnboardingObjects.definitions()) {
      DdfLoaded loaded = (DdfLoaded) new DdfReader().read(registry.get(ours.id() + ".xml"));
      ObjectDefinition theirs = loaded.definitions().get(0);
      assertThat(ours.description()).isNotBlank().isNotEqualTo(theirs.description());
      ours.resources().values().stream()
          .filter(resource -> resource.id() < PRIVATE_RANGE)
          .forEach(
              resource ->
                  assertThat(resource.description())
                      .isNotBlank()
                      .isNotEqualTo(theirs.resource(resource.id()).orElseThrow().description()));
    }
  }

  @Test
  void receipt_of_the_euicc_is_a_resource_of_ours() {
    ResourceDefinition receipt =
        OnboardingObjects.definitions().stream()
            .filter(object -> object.id() == 505)
            .flatMap(object -> object.resource(OnboardingObjects.INSTALLATION_RECEIPT).stream())
            .findFirst()
            .orElseThrow();
    assertThat(receipt.type()).isEqualTo(ValueType.OPAQUE);
    assertThat(receipt.operations()).isEqualTo(Operations.READ);
  }

  /** All but the descriptions, and without what stands in the private range. */
  private static ObjectDefinition facts(ObjectDefinition object) {
    return new ObjectDefinition(
        object.id(),
        object.version(),
        object.name(),
        "",
        object.urn(),
        object.lwm2mVersion(),
        object.multiple(),
        object.mandatory(),
        object.resources().values().stream()
            .filter(resource -> resource.id() < PRIVATE_RANGE)
            .map(OnboardingObjectsTest::facts)
            .collect(Collectors.toMap(ResourceDefinition::id, resource -> resource)));
  }

  private static ResourceDefinition facts(ResourceDefinition resource) {
    return new ResourceDefinition(
        resource.id(),
        resource.name(),
        resource.operations(),
        resource.multiple(),
        resource.mandatory(),
        resource.type(),
        resource.range(),
        resource.units(),
        "");
  }
}
