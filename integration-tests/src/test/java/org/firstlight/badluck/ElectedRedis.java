package org.firstlight.badluck;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.redis.RedisStores;
import org.firstlight.redis.topology.ClusteredRedis;
import org.firstlight.redis.topology.RedisProcess;
import org.firstlight.redis.topology.RedisTopology;
import org.firstlight.redis.topology.WatchedRedis;

/**
 * Masters and replicas that decide among themselves who is master, as Redis Cluster and Sentinel
 * do, each node behind a door of ours: what it tells its replicas may be late, and get lost on its
 * way. Claims and the like wait for a replica, and a master without one takes no writes.
 */
abstract class ElectedRedis implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String WRITABLE_WITH = "min-replicas-to-write";
  private static final String NEVER = "99";
  private static final Duration SILENCE = Duration.ofMillis(700);
  private static final Map<String, String> SAFE = Map.of(WRITABLE_WITH, "1");

  private final Map<Integer, TcpProxy> doors = new ConcurrentHashMap<>();

  /** Three masters with a replica each. */
  static ElectedRedis clustered(Path folder) {
    return new Clustered(folder);
  }

  /** One master with two replicas, and three sentinels. */
  static ElectedRedis watched(Path folder) {
    return new Watched(folder);
  }

  /** For people. */
  abstract String setting();

  /** The lines of a server's {@code redis:} section. */
  abstract String configuration();

  abstract RedisTopology topology();

  abstract List<RedisProcess> masters();

  /** By agreement: returns when another has the master's place. */
  abstract void agreeOnSuccessorOf(RedisProcess master);

  /** Returns when another has the place of a master that is gone. */
  abstract void awaitSuccessorOf(RedisProcess master);

  /** Until every master has its replicas, as all of them see it. */
  abstract void awaitReplicas();

  /** One of the masters. */
  RedisProcess master(Random random) {
    List<RedisProcess> masters = masters();
    return masters.get(random.nextInt(masters.size()));
  }

  /** By agreement: another takes the master's place, but no writes until {@link #takeWrites}. */
  void changeOver(RedisProcess master) {
    holdSuccessors();
    agreeOnSuccessorOf(master);
  }

  /**
   * A replica does what its master says whatever this setting is; it counts from the moment on when
   * it is master itself. {@code CLIENT PAUSE} would hold back what its master says, too.
   */
  private void holdSuccessors() {
    List<RedisProcess> masters = masters();
    topology().processes().stream()
        .filter(one -> !masters.contains(one))
        .forEach(replica -> replica.command("CONFIG", "SET", WRITABLE_WITH, NEVER));
  }

  /** Whoever is master now takes writes again; an old one that thinks that it still is does not. */
  void takeWrites() {
    takeWrites(masters());
  }

  private static void takeWrites(List<RedisProcess> processes) {
    processes.forEach(one -> one.command("CONFIG", "SET", WRITABLE_WITH, "1"));
  }

  /** Until every master has its replicas, as all of them see it, and whoever is elected serves. */
  void awaitWhole() {
    awaitReplicas();
    takeWrites(topology().processes());
  }

  /** The ports to state on it, as soon as every node knows who is master. */
  RedisStores open() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .ignoreException(DependencyUnavailableException.class)
        .until(() -> RedisStores.open(topology().settings(), Clock.systemUTC()), Objects::nonNull);
  }

  /**
   * With -9, when what it told its replicas is still on its way for so long, and gets lost there.
   * Whoever takes its place takes no writes until {@link #takeWrites}.
   *
   * @return when that was
   */
  Instant kill(RedisProcess master, Duration behind) throws InterruptedException {
    TcpProxy door = door(master);
    door.delayReplicas(behind);
    holdSuccessors();
    TimeUnit.MILLISECONDS.sleep(behind.toMillis());
    Instant at = Instant.now();
    master.kill();
    door.pullOut();
    door.delayReplicas(Duration.ZERO);
    return at;
  }

  /** The one that was killed comes back, and gives up what it alone knows. */
  void startAgain(RedisProcess killed) {
    door(killed).plugIn();
    killed.startAgain();
    awaitWhole();
  }

  /** While what any master tells its replicas is this late. */
  void delayReplicas(Duration delay) {
    doors.values().forEach(door -> door.delayReplicas(delay));
  }

  private TcpProxy door(RedisProcess process) {
    return doors.get(process.announced().port());
  }

  final int doorOf(int port) {
    TcpProxy door = TcpProxy.to(port, 0);
    doors.put(door.port(), door);
    return door.port();
  }

  @Override
  public void close() {
    doors.values().forEach(TcpProxy::close);
    topology().close();
  }

  private static String quoted(List<?> nodes) {
    return nodes.stream().map(node -> "\"" + node + "\"").toList().toString();
  }

  private static final class Clustered extends ElectedRedis {
    private final ClusteredRedis redis;

    Clustered(Path folder) {
      redis = ClusteredRedis.start(folder, SILENCE, this::doorOf, SAFE);
    }

    @Override
    String setting() {
      return "cluster, everysec, replicas: 1";
    }

    @Override
    String configuration() {
      return "{ mode: cluster, nodes: %s, replicas: 1 }"
          .formatted(quoted(redis.processes().stream().map(RedisProcess::announced).toList()));
    }

    @Override
    RedisTopology topology() {
      return redis;
    }

    @Override
    List<RedisProcess> masters() {
      return redis.masters();
    }

    @Override
    void agreeOnSuccessorOf(RedisProcess master) {
      redis.failOver(master);
    }

    @Override
    void awaitSuccessorOf(RedisProcess master) {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .until(() -> redis.masters().size() == 3 && !redis.masters().contains(master));
    }

    @Override
    void awaitReplicas() {
      redis.awaitWhole();
    }
  }

  private static final class Watched extends ElectedRedis {
    private final WatchedRedis redis;

    Watched(Path folder) {
      redis = WatchedRedis.start(folder, SILENCE, this::doorOf, SAFE);
    }

    @Override
    String setting() {
      return "sentinel, everysec, replicas: 1";
    }

    @Override
    String configuration() {
      return "{ mode: sentinel, nodes: %s, master: fleet, replicas: 1 }"
          .formatted(quoted(redis.sentinels().stream().map(RedisProcess::node).toList()));
    }

    @Override
    RedisTopology topology() {
      return redis;
    }

    @Override
    List<RedisProcess> masters() {
      return List.of(redis.master());
    }

    /**
     * Sentinel does not ask the master to stop first, as Cluster does: whoever plans it does, and
     * waits until the replicas have everything. It takes no writes until it is master anew: before
     * it has been told, it would lose them, replica or not.
     */
    @Override
    void agreeOnSuccessorOf(RedisProcess master) {
      master.command("CONFIG", "SET", WRITABLE_WITH, NEVER);
      long all = Long.parseLong(master.info("master_repl_offset"));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  redis.replicas().stream()
                      .allMatch(one -> Long.parseLong(one.info("slave_repl_offset")) >= all));
      redis.failOver();
    }

    @Override
    void awaitSuccessorOf(RedisProcess master) {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .until(() -> redis.master() != master && redis.master().isMaster());
    }

    @Override
    void awaitReplicas() {
      redis.awaitWhole();
    }
  }
}
