package org.firstlight.fleet.registration;

import java.util.Set;

/**
 * What a device shall notify of to one server account: asked for again whenever it registers.
 *
 * @param paths of Objects, Object Instances, Resources or Resource Instances
 */
public record ObservedPaths(Set<String> paths) {
  public ObservedPaths {
    paths = Set.copyOf(paths);
  }
}
