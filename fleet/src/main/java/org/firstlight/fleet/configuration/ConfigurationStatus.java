package org.firstlight.fleet.configuration;

import java.time.Instant;
import java.util.Map;

/**
 * How far one device holds its desired configuration. Home and id are the endpoint name.
 *
 * @param applied configuration id to the version last applied
 * @param paths per path: in step, or the drift
 */
public record ConfigurationStatus(
    Instant at, Map<String, Long> applied, Map<String, PathStatus> paths) {
  public ConfigurationStatus {
    applied = Map.copyOf(applied);
    paths = Map.copyOf(paths);
  }

  /**
   * @param configuration id of the document the value comes from
   * @param result IN_STEP, DRIFTED (the device shows another value), REJECTED, UNREACHABLE or
   *     WRITTEN (a secret or write-only value, accepted and not readable)
   * @param message what the device said; never the value of a secret
   */
  public record PathStatus(String configuration, Result result, String message) {}

  public enum Result {
    IN_STEP,
    WRITTEN,
    DRIFTED,
    REJECTED,
    UNREACHABLE
  }
}
