package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.firstlight.redis.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing acknowledged is lost or doubled, whatever breaks, within what the design promises. */
class BadLuckIT {
  @TempDir private Path folder;

  @Test
  void what_was_acknowledged_outlives_server_and_redis() throws Exception {
    long seed = System.nanoTime();
    try (LoneRedis redis = LoneRedis.start(folder.resolve("redis"), Durability.EVERYSEC);
        Scene scene = Scene.on(folder, redis, seed)) {
      for (int i = 0; i < Integer.getInteger("badluck.times", 1); i++) {
        for (Fault fault : Fault.values()) {
          Survival survival = scene.survive(fault);
          assertThat(survival.lostAgainstPromise()).as("seed %d", seed).isEmpty();
          assertThat(survival.surprises()).as("seed %d", seed).isEmpty();
        }
      }
    }
  }
}
