package org.firstlight.objects.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.definition.ObjectVersion;
import org.junit.jupiter.api.Test;

class LeshanModelsTest {
  private final ObjectModels models = ObjectModels.builtIn();

  @Test
  void repository_holds_every_version() {
    assertThat(LeshanModels.repository(models.all()).getObjectModel(3, "1.0")).isNotNull();
    assertThat(LeshanModels.repository(models.all()).getObjectModel(3).version).isEqualTo("1.2");
  }

  @Test
  void model_holds_the_newest_version_of_each() {
    LwM2mModel model = LeshanModels.newest(models.all());
    assertThat(model.getObjectModel(3).version).isEqualTo("1.2");
    assertThat(model.getObjectModels()).extracting(object -> object.id).doesNotHaveDuplicates();
  }

  @Test
  void model_of_a_device_holds_the_versions_that_it_speaks() {
    ObjectModels spoken = models.forDevice(Map.of(3, ObjectVersion.DEFAULT));
    assertThat(LeshanModels.newest(spoken.all()).getObjectModel(3).version).isEqualTo("1.0");
  }

  @Test
  void resource_keeps_its_facts() {
    ObjectModel sim = LeshanModels.newest(models.all()).getObjectModel(505);
    ResourceModel profile = sim.resources.get(3);
    assertThat(sim.multiple).isTrue();
    assertThat(profile.operations).isEqualTo(ResourceModel.Operations.W);
    assertThat(profile.type).isEqualTo(ResourceModel.Type.OPAQUE);
    assertThat(profile.multiple).isFalse();
    assertThat(sim.resources.get(4).rangeEnumeration).isEqualTo("0..255");
    assertThat(sim.resources.get(5).type).isEqualTo(ResourceModel.Type.NONE);
  }

  @Test
  void core_objects_are_the_same_there_and_back() {
    assertThat(models.find(0).orElseThrow().resource(1).orElseThrow().name())
        .isEqualTo("Bootstrap-Server");
    assertThat(ObjectModels.of(LeshanModels.coreObjects()).all())
        .hasSameSizeAs(LeshanModels.toLeshan(LeshanModels.coreObjects()));
  }
}
