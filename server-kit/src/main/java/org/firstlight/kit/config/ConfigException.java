package org.firstlight.kit.config;

/** A configuration that cannot be used: {@code file:line: key.path: what is wrong}. */
public final class ConfigException extends Exception {
  public ConfigException(String message) {
    super(message);
  }

  ConfigException(String file, int line, String keyPath, String reason) {
    super(
        "%s:%d: %s%s"
            .formatted(file, Math.max(1, line), keyPath.isEmpty() ? "" : keyPath + ": ", reason));
  }
}
