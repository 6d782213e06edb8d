package org.firstlight.kit.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where state lives.
 *
 * @param mode {@code redis.mode}: {@code embedded} starts the {@code redis-server} on PATH in the
 *     data directory, {@code given} uses the one at {@code uri}
 * @param uri {@code redis.uri}: {@code redis://host:port}, or {@code rediss://} for TLS; only for
 *     {@code given}, and never with a password in it
 * @param user {@code redis.user}: ACL user
 * @param passwordFile {@code redis.passwordFile}: file that holds the password alone
 * @param durability {@code redis.durability}: what the embedded one does with its log, {@code
 *     everysec} (two seconds may be lost with the power) or {@code always} (nothing, and slower)
 */
public record RedisConfig(
    Mode mode,
    Optional<URI> uri,
    Optional<String> user,
    Optional<Path> passwordFile,
    Durability durability) {
  /** Who runs Redis. */
  public enum Mode {
    EMBEDDED,
    GIVEN
  }

  /** When a write reaches the disk. */
  public enum Durability {
    EVERYSEC,
    ALWAYS
  }

  public RedisConfig {
    Checks.that(
        mode == Mode.EMBEDDED || uri.isPresent(), "uri", "is needed when redis.mode is given");
    Checks.that(
        mode == Mode.GIVEN || uri.isEmpty(), "uri", "has no meaning when redis.mode is embedded");
    uri.ifPresent(RedisConfig::check);
  }

  private static void check(URI uri) {
    Checks.that(
        ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
            && uri.getHost() != null,
        "uri",
        "must look like redis://host:port");
    Checks.that(
        uri.getUserInfo() == null, "uri", "must not hold a user or password: use passwordFile");
  }
}
