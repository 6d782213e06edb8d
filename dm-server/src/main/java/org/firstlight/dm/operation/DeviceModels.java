package org.firstlight.dm.operation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.leshan.LeshanModels;

/** The catalogue as each device speaks it; devices with the same versions share one. */
public final class DeviceModels {
  private static final int KEPT = 200;

  private final Supplier<ObjectModels> catalogue;
  private final Map<Map<Integer, String>, LwM2mModel> byVersions =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<Integer, String>, LwM2mModel> eldest) {
          return size() > KEPT;
        }
      };
  private ObjectModels seen;

  /**
   * @param catalogue the current one; a new one takes the place of all that was made of the old
   */
  public DeviceModels(Supplier<ObjectModels> catalogue) {
    this.catalogue = catalogue;
    this.seen = catalogue.get();
  }

  public ObjectModels catalogue() {
    return catalogue.get();
  }

  synchronized LwM2mModel of(Map<Integer, String> versions) {
    ObjectModels current = catalogue.get();
    if (current != seen) {
      byVersions.clear();
      seen = current;
    }
    return byVersions.computeIfAbsent(Map.copyOf(versions), key -> model(current, key));
  }

  private static LwM2mModel model(ObjectModels catalogue, Map<Integer, String> versions) {
    Map<Integer, ObjectVersion> spoken = new TreeMap<>();
    versions.forEach(
        (id, text) -> ObjectVersion.parse(text).ifPresent(version -> spoken.put(id, version)));
    return LeshanModels.newest(catalogue.forDevice(spoken).all());
  }
}
