package org.firstlight.badluck;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.firstlight.redis.Durability;

/** A master and its replica, with a wire of ours between them that may be slow. */
final class RedisPair implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private LoneRedis master;
  private LoneRedis replica;
  private final TcpProxy link;

  private RedisPair(Path folder) throws IOException {
    master = LoneRedis.start(folder.resolve("a"), Durability.EVERYSEC);
    replica = LoneRedis.start(folder.resolve("b"), Durability.EVERYSEC);
    link = TcpProxy.to(master.port(), 0);
    follow();
  }

  static RedisPair start(Path folder) throws IOException {
    return new RedisPair(folder);
  }

  LoneRedis master() {
    return master;
  }

  /** For people. */
  String setting() {
    return "master and replica, everysec";
  }

  /** By agreement, with {@code FAILOVER}. */
  void changeOver() {
    master.ask("FAILOVER");
    await().atMost(PATIENCE).until(() -> is(replica, "master") && is(master, "slave"));
    swap();
  }

  /**
   * With -9, when what it told its replica is still on its way for so long, and gets lost there.
   *
   * @return when that was
   */
  Instant killMaster(Duration behind) throws InterruptedException {
    link.delayReplicas(behind);
    TimeUnit.MILLISECONDS.sleep(behind.toMillis());
    Instant at = Instant.now();
    master.kill();
    link.pullOut();
    link.delayReplicas(Duration.ZERO);
    replica.ask("REPLICAOF NO ONE");
    await().atMost(PATIENCE).until(() -> is(replica, "master"));
    swap();
    return at;
  }

  /** The one that was killed comes back, and gives up what it alone knows. */
  void startAgain() throws IOException {
    replica.startAgain();
    follow();
  }

  /** Until the replica has what the master has. */
  void follow() {
    link.pullOut();
    link.leadTo(master.port());
    link.plugIn();
    replica.ask("REPLICAOF 127.0.0.1 " + link.port());
    await()
        .atMost(PATIENCE)
        .until(() -> replica.info("replication", "master_link_status").equals("up"));
  }

  private void swap() {
    LoneRedis before = master;
    master = replica;
    replica = before;
  }

  private static boolean is(LoneRedis redis, String role) {
    return redis.info("replication", "role").equals(role);
  }

  @Override
  public void close() {
    replica.close();
    master.close();
    link.close();
  }
}
