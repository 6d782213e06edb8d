package org.firstlight.cli.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.config.RedisConfig;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;

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
    Optional<String> password = redis.passwordFile().map(Redis::password);
    return RedisSettings.at(redis.uri().orElseThrow().toString(), redis.user(), password);
  }

  private static String password(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("redis.passwordFile cannot be read: " + file, e);
    }
  }

  private Redis() {}
}
