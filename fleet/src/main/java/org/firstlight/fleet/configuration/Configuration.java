package org.firstlight.fleet.configuration;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.credential.EncryptedSecret;

/**
 * A third party's configuration: a document of path to value, for chosen devices. Its version is
 * the stored record's.
 *
 * @param tenant the service provider that wrote it
 * @param endpointNames devices it is for; empty for all of the tenant's that {@code models} allows
 * @param models models it is for; empty for all
 * @param values resource path to value
 */
public record Configuration(
    String id,
    String tenant,
    Set<String> endpointNames,
    Set<String> models,
    Map<String, Value> values) {
  public Configuration {
    endpointNames = Set.copyOf(endpointNames);
    models = Set.copyOf(models);
    values = Map.copyOf(values);
  }

  /** What the ciphertext of a secret at this path is bound to. */
  public static String secretContext(String id, String path) {
    return "configuration/" + id + path;
  }

  /** A desired value: clear text, or a secret that no one reads back. */
  public record Value(Optional<String> clear, Optional<EncryptedSecret> secret) {
    public static Value of(String text) {
      return new Value(Optional.of(text), Optional.empty());
    }

    public static Value of(EncryptedSecret secret) {
      return new Value(Optional.empty(), Optional.of(secret));
    }
  }
}
