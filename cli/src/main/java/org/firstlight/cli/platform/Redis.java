package org.firstlight.cli.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.config.RedisConfig;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Tls;
import org.firstlight.redis.node.Topology;

/** Opens state as the configuration says: a Redis of our own, or a given one. */
final class Redis {
  /** Opens it and has {@code shutdown} close it. */
  static RedisStores open(FirstlightConfig config, Clock clock, Shutdown shutdown) {
    RedisConfig redis = config.redis();
    RedisSettings settings;
    if (redis.mode() == RedisConfig.Mode.EMBEDDED) {
      EmbeddedRedis embedded =
          shutdown.closing(
              "redis",
              EmbeddedRedis.start(config.dataDirectory().resolve("redis"), durability(redis)));
      settings = embedded.settings();
    } else {
      settings = given(redis);
    }
    return shutdown.closing("state", RedisStores.open(settings, clock));
  }

  /**
   * Where state is, for a tool that works on it beside the servers or without them.
   *
   * @param beside whether an embedded Redis that runs already will do: else it must be stopped
   */
  static RedisSettings forTool(FirstlightConfig config, boolean beside, Shutdown shutdown) {
    RedisConfig redis = config.redis();
    if (redis.mode() != RedisConfig.Mode.EMBEDDED) {
      return given(redis);
    }
    Path directory = config.dataDirectory().resolve("redis");
    Optional<RedisSettings> running = beside ? EmbeddedRedis.running(directory) : Optional.empty();
    return running.orElseGet(
        () ->
            shutdown
                .closing("redis", EmbeddedRedis.start(directory, durability(redis)))
                .settings());
  }

  private static Durability durability(RedisConfig redis) {
    return switch (redis.durability()) {
      case EVERYSEC -> Durability.EVERYSEC;
      case ALWAYS -> Durability.ALWAYS;
    };
  }

  private static RedisSettings given(RedisConfig redis) {
    List<Node> nodes = redis.nodes().stream().map(Node::parse).toList();
    Topology topology =
        switch (redis.mode()) {
          case EMBEDDED -> throw new IllegalArgumentException("an embedded Redis is not given");
          case STANDALONE -> new Topology.Standalone(nodes.get(0));
          case SENTINEL ->
              new Topology.Sentinel(
                  redis.master().orElseThrow(),
                  nodes,
                  login(redis.sentinelUser(), redis.sentinelPasswordFile()));
          case CLUSTER -> new Topology.Cluster(nodes);
        };
    return new RedisSettings(
        topology,
        login(redis.user(), redis.passwordFile()),
        redis.tls().map(tls -> new Tls(tls.trust())),
        redis.replicas(),
        RedisSettings.DEFAULT_QUEUE_BOUND);
  }

  private static Login login(Optional<String> user, Optional<Path> passwordFile) {
    return new Login(user, passwordFile.map(Redis::password));
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("a password file of Redis cannot be read: " + file, e);
    }
  }

  private Redis() {}
}
