package org.firstlight.fleet.tenant;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a session is used; it lies in the home of its token, with the same id.
 *
 * @param address that it began at
 * @param browser what the browser calls itself, cut to a line
 * @param lastUsed to about a minute
 * @param csrf what a page shows with a write; empty if it began under an earlier release, and its
 *     cookie says it then
 * @param renewal the last time that its cookie was changed
 */
public record BrowserSession(
    String address,
    String browser,
    Instant lastUsed,
    Optional<String> csrf,
    Optional<Renewal> renewal) {

  /**
   * A cookie that took the place of another.
   *
   * @param replacedSha256 hash of the secret before, in hex
   * @param salt makes the new secret out of the one before, for whoever has that one
   * @param seenAt when the browser first came with the new one; empty until then
   */
  public record Renewal(Instant at, String replacedSha256, String salt, Optional<Instant> seenAt) {}
}
