package org.firstlight.redis.topology;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Node;
import org.firstlight.redis.node.Topology;
import org.firstlight.redis.pipeline.Bytes;
import redis.clients.jedis.exceptions.JedisDataException;

/** A master with two replicas, and three sentinels that watch them. */
public final class WatchedRedis implements RedisTopology {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String MASTER = "fleet";
  private static final int QUORUM = 2;

  private final List<RedisProcess> processes = new ArrayList<>();
  private final List<RedisProcess> sentinels = new ArrayList<>();

  private WatchedRedis(
      Path folder, Duration downAfter, IntUnaryOperator door, Map<String, String> more) {
    RedisProcess master = redis(folder.resolve("redis-0"), door, more);
    processes.add(master);
    Map<String, String> following = new HashMap<>(more);
    following.put("replicaof", address(master.announced()));
    for (int i = 1; i <= 2; i++) {
      processes.add(redis(folder.resolve("redis-" + i), door, following));
    }
    for (int i = 0; i < 3; i++) {
      sentinels.add(sentinel(folder.resolve("sentinel-" + i), master.announced(), downAfter));
    }
    sentinels.forEach(WatchedRedis::hasten);
  }

  public static WatchedRedis start(Path folder) {
    return start(folder, Duration.ofSeconds(2));
  }

  /**
   * @param downAfter for how long a master is silent before it counts as lost
   */
  public static WatchedRedis start(Path folder, Duration downAfter) {
    return start(folder, downAfter, port -> port, Map.of());
  }

  /**
   * @param door gives the port where clients, replicas and sentinels reach a node, for its own
   * @param more lines of each node's configuration
   */
  public static WatchedRedis start(
      Path folder, Duration downAfter, IntUnaryOperator door, Map<String, String> more) {
    WatchedRedis started = new WatchedRedis(folder, downAfter, door, more);
    await().atMost(PATIENCE).until(started::isWhole);
    return started;
  }

  /** The one that the sentinels name. */
  public RedisProcess master() {
    List<?> address =
        Bytes.list(
            sentinels.stream()
                .filter(RedisProcess::isAlive)
                .findFirst()
                .orElseThrow()
                .command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER));
    int port = Integer.parseInt(Bytes.text(address.get(1)));
    return processes.stream()
        .filter(one -> one.announced().port() == port)
        .findFirst()
        .orElseThrow();
  }

  public List<RedisProcess> replicas() {
    RedisProcess master = master();
    return processes.stream().filter(one -> one != master).toList();
  }

  public List<RedisProcess> sentinels() {
    return List.copyOf(sentinels);
  }

  /** Has the sentinels make a replica the master, with the old one at hand. */
  public void failOver() {
    RedisProcess before = master();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> sentinels.get(0).command("SENTINEL", "FAILOVER", MASTER) != null);
    await().atMost(PATIENCE).until(() -> master() != before && master().isMaster());
  }

  /**
   * Until master and replicas are one again, as the sentinels see it too, and hold what is written
   * now.
   */
  public void awaitWhole() {
    await().atMost(PATIENCE).ignoreExceptions().until(this::isWhole);
    long written = master().offset();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> replicas().stream().allMatch(one -> one.offset() >= written));
  }

  @Override
  public RedisSettings settings() {
    return RedisSettings.of(
        new Topology.Sentinel(
            MASTER, sentinels.stream().map(RedisProcess::node).toList(), Login.NONE),
        Login.NONE);
  }

  @Override
  public String configuration(Path folder) {
    return """
        redis:
          mode: sentinel
          nodes: %s
          master: %s
        """
        .formatted(sentinels.stream().map(one -> "\"" + one.node() + "\"").toList(), MASTER);
  }

  @Override
  public List<RedisProcess> processes() {
    return List.copyOf(processes);
  }

  @Override
  public RedisProcess masterOf(int shard) {
    return master();
  }

  @Override
  public void close() {
    sentinels.forEach(RedisProcess::close);
    processes.forEach(RedisProcess::close);
  }

  private boolean isWhole() {
    RedisProcess master = master();
    return master.isMaster()
        && replicas().stream().allMatch(one -> one.info("master_link_status").equals("up"))
        && master.info("connected_slaves").equals("2")
        && sentinels.stream().allMatch(one -> one.info("master0").contains("status=ok"))
        && sentinels.stream().allMatch(one -> one.info("master0").contains("slaves=2,sentinels=3"));
  }

  private static RedisProcess redis(Path folder, IntUnaryOperator door, Map<String, String> more) {
    return RedisProcess.start(
        folder,
        RedisProcess.Access.OPEN,
        door,
        (port, announced) -> {
          List<String> lines = RedisProcess.storing(more);
          lines.add("port " + port);
          lines.add("replica-announce-ip 127.0.0.1");
          lines.add("replica-announce-port " + announced);
          return lines;
        });
  }

  private static RedisProcess sentinel(Path folder, Node master, Duration downAfter) {
    return RedisProcess.start(
        folder,
        RedisProcess.Access.OPEN,
        port -> {
          List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "dir ./"));
          lines.add("logfile redis.log");
          lines.add("port " + port);
          lines.add("sentinel monitor %s %s %d".formatted(MASTER, address(master), QUORUM));
          lines.add(
              "sentinel down-after-milliseconds %s %d".formatted(MASTER, downAfter.toMillis()));
          lines.add("sentinel failover-timeout %s 6000".formatted(MASTER));
          return lines;
        },
        "--sentinel");
  }

  /**
   * As it is, a master that comes back is left to itself for eight seconds, four periods, before it
   * is made a replica, and who has what role is asked every ten. With much less than this a
   * sentinel that is late makes the new master a replica of the old one. Those before 7.0 keep to
   * theirs.
   */
  private static void hasten(RedisProcess sentinel) {
    try {
      sentinel.command(
          "SENTINEL", "DEBUG", "INFO-PERIOD", "200", "PUBLISH-PERIOD", "500", "ASK-PERIOD", "200");
    } catch (JedisDataException unknown) {
      // it takes longer
    }
  }

  private static String address(Node node) {
    return node.host() + " " + node.port();
  }
}
