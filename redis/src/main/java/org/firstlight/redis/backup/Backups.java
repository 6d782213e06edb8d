package org.firstlight.redis.backup;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.state.RedisFleetState;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/** Backup and restore of one Redis, for tools: each call works until all is done. */
public final class Backups {
  private final Pipelines redis;
  private final KeyScan keys;
  private final Clock clock;

  /**
   * @param masters opens a connection to each master
   */
  public Backups(Pipelines redis, Supplier<List<Connection>> masters, Clock clock) {
    this.redis = redis;
    this.keys = new KeyScan(masters);
    this.clock = clock;
  }

  /**
   * Writes all state into a new file, 0600, while servers may go on.
   *
   * @param keyFiles the platform's private keys by name: their fingerprints go into the file
   * @param withKeys whether they themselves do
   * @throws BackupRefusedException if the file is there, or Redis has what this release does not
   *     know; no file is left then
   * @throws DependencyUnavailableException if Redis goes away
   */
  public Manifest write(
      Path file, Map<String, byte[]> keyFiles, boolean withKeys, Progress progress) {
    try (BackupWriter out = new BackupWriter(file, clock.instant())) {
      Map<String, String> fingerprints = new HashMap<>();
      keyFiles.forEach(
          (name, key) -> {
            fingerprints.put(name, Manifest.fingerprint(key));
            if (withKeys) {
              out.write(Section.KEYS, new Entry(List.of(List.of(Bytes.of(name), key))));
            }
          });
      return unwrapped(
          () -> {
            new Copying(redis, keys, out, progress).copy();
            return out.finish(fingerprints);
          });
    }
  }

  /**
   * Puts a backup into Redis. Until it is done servers refuse to start on it.
   *
   * @param replace whether what is there is thrown away
   * @throws BackupRefusedException before anything is written: Redis is not empty, or in use
   * @throws DependencyUnavailableException if Redis goes away: call it again
   */
  public void restore(CheckedBackup backup, boolean replace, Progress progress) {
    unwrapped(
        () -> {
          new Restoring(redis, keys, new RedisFleetState(redis, clock), progress)
              .restore(backup, replace);
          return backup;
        });
  }

  private static <T> T unwrapped(Supplier<T> work) {
    try {
      return work.get();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (JedisException e) {
      throw new DependencyUnavailableException("Redis went away: " + e.getMessage(), e);
    }
  }
}
