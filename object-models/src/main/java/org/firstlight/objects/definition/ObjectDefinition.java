package org.firstlight.objects.definition;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an Object is, in one version.
 *
 * @param lwm2mVersion the lowest LwM2M version that it needs, as {@code "1.1"}
 * @param multiple whether a device may have several Object Instances; if not, the one has ID 0
 * @param mandatory whether every device has it
 * @param resources by Resource ID, in its order
 */
public record ObjectDefinition(
    int id,
    ObjectVersion version,
    String name,
    String description,
    String urn,
    String lwm2mVersion,
    boolean multiple,
    boolean mandatory,
    Map<Integer, ResourceDefinition> resources) {

  public ObjectDefinition {
    resources = Collections.unmodifiableMap(new TreeMap<>(resources));
  }

  public Optional<ResourceDefinition> resource(int resourceId) {
    return Optional.ofNullable(resources.get(resourceId));
  }
}
