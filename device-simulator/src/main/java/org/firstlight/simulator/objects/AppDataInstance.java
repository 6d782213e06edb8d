package org.firstlight.simulator.objects;

import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mResourceInstance;

/** /19: binary data for the application; here the credential for its cloud. */
final class AppDataInstance extends StoredInstance {
  private static final int DATA = 0;
  private final Consumer<byte[]> application;

  /**
   * @param application takes the first Resource Instance of Data whenever it is written
   */
  AppDataInstance(int id, Consumer<byte[]> application) {
    super(id);
    this.application = application;
  }

  void equip() {
    setAll(DATA, java.util.Map.of());
    set(1, 0L);
    set(3, "cloud credential");
  }

  @Override
  protected void written(int resourceId) {
    if (resourceId == DATA) {
      credential().ifPresent(application);
    }
  }

  private Optional<byte[]> credential() {
    return contents().stream()
        .filter(resource -> resource.getId() == DATA)
        .filter(LwM2mResource::isMultiInstances)
        .flatMap(resource -> resource.getInstances().values().stream())
        .filter(instance -> instance.getId() == 0)
        .map(LwM2mResourceInstance::getValue)
        .map(byte[].class::cast)
        .findFirst();
  }
}
