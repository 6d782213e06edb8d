package org.firstlight.fleet.configuration;

import java.util.Set;

/**
 * Where a device was ever given a secret: what it answers there is never shown, whatever becomes of
 * the document that gave it, and whoever owns the device. Home and id are the endpoint name.
 *
 * @param paths as text; none is ever taken out
 */
public record WrittenSecrets(Set<String> paths) {
  public WrittenSecrets {
    paths = Set.copyOf(paths);
  }
}
