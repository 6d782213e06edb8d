package org.firstlight.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.firstlight.redis.topology.ClusteredRedis;
import org.firstlight.redis.topology.RedisTopology;
import org.firstlight.redis.topology.StandaloneRedis;
import org.firstlight.redis.topology.WatchedRedis;

/** Every kind of Redis that the ports must keep their promises on. */
public enum Where {
  EMBEDDED,
  STANDALONE_WITH_TLS,
  SENTINEL,
  CLUSTER;

  private static final Map<Where, RedisTopology> RUNNING = new EnumMap<>(Where.class);

  /** The one of this kind, which all tests of this JVM share; empty. */
  RedisTopology start() {
    RedisTopology topology = RUNNING.computeIfAbsent(this, Where::launch);
    topology.processes().stream()
        .filter(process -> process.isMaster())
        .forEach(process -> process.command("FLUSHALL"));
    return topology;
  }

  private static RedisTopology launch(Where where) {
    try {
      Path folder = Files.createTempDirectory("firstlight-" + where.name());
      RedisTopology topology =
          switch (where) {
            case EMBEDDED -> throw new IllegalArgumentException("it is not shared");
            case STANDALONE_WITH_TLS -> StandaloneRedis.start(folder);
            case SENTINEL -> WatchedRedis.start(folder);
            case CLUSTER -> ClusteredRedis.start(folder);
          };
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    topology.close();
                    TestRedis.deleteAll(folder);
                  }));
      return topology;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
