package org.firstlight.kit.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where state lives.
 *
 * @param mode {@code redis.mode}: {@code embedded} starts the {@code redis-server} on PATH in the
 *     data directory; {@code standalone} uses one that is given, {@code sentinel} a master that
 *     sentinels watch, {@code cluster} a Redis Cluster
 * @param nodes {@code redis.nodes}: list of {@code host:port}: the one of {@code standalone}, the
 *     sentinels of {@code sentinel}, some nodes of {@code cluster}
 * @param master {@code redis.master}: name of the master among the sentinels
 * @param user {@code redis.user}: ACL user
 * @param passwordFile {@code redis.passwordFile}: file that holds the password alone
 * @param sentinelUser {@code redis.sentinelUser}: ACL user at the sentinels
 * @param sentinelPasswordFile {@code redis.sentinelPasswordFile}: file that holds the password of
 *     the sentinels alone
 * @param tls {@code redis.tls}: connections are encrypted, to the sentinels too, and each server's
 *     certificate and name are checked; {@code {}} trusts what the JVM trusts
 * @param replicas {@code redis.replicas}: 1 acknowledges custody, claims and credentials only when
 *     a replica has them too
 * @param durability {@code redis.durability}: what the embedded one does with its log, {@code
 *     everysec} (two seconds may be lost with the power) or {@code always} (nothing, and slower)
 */
public record RedisConfig(
    Mode mode,
    List<String> nodes,
    Optional<String> master,
    Optional<String> user,
    Optional<Path> passwordFile,
    Optional<String> sentinelUser,
    Optional<Path> sentinelPasswordFile,
    Optional<Tls> tls,
    int replicas,
    Durability durability) {
  private static final Pattern NODE =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");

  /** Who runs Redis, and how many processes it is. */
  public enum Mode {
    EMBEDDED,
    STANDALONE,
    SENTINEL,
    CLUSTER
  }

  /** When a write reaches the disk. */
  public enum Durability {
    EVERYSEC,
    ALWAYS
  }

  /**
   * @param trust {@code redis.tls.trust}: PEM file of the certificates to trust; without it those
   *     that the JVM trusts
   */
  public record Tls(Optional<Path> trust) {}

  public RedisConfig {
    nodes = List.copyOf(nodes);
    if (mode == Mode.EMBEDDED) {
      meaningless(!nodes.isEmpty(), "nodes", mode);
      meaningless(user.isPresent(), "user", mode);
      meaningless(passwordFile.isPresent(), "passwordFile", mode);
      meaningless(tls.isPresent(), "tls", mode);
      meaningless(replicas != 0, "replicas", mode);
    } else {
      Checks.that(!nodes.isEmpty(), "nodes", "is needed when redis.mode is not embedded");
    }
    Checks.that(
        mode != Mode.STANDALONE || nodes.size() == 1, "nodes", "must hold one when standalone");
    nodes.forEach(
        node -> Checks.that(NODE.matcher(node).matches(), "nodes", "must hold host:port"));
    if (mode == Mode.SENTINEL) {
      Checks.that(master.isPresent(), "master", "is needed when redis.mode is sentinel");
    } else {
      meaningless(master.isPresent(), "master", mode);
      meaningless(sentinelUser.isPresent(), "sentinelUser", mode);
      meaningless(sentinelPasswordFile.isPresent(), "sentinelPasswordFile", mode);
    }
    Checks.that(replicas == 0 || replicas == 1, "replicas", "must be 0 or 1");
  }

  private static void meaningless(boolean there, String key, Mode mode) {
    Checks.that(
        !there, key, "has no meaning when redis.mode is " + mode.name().toLowerCase(Locale.ROOT));
  }
}
