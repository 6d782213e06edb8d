package org.firstlight.redis.topology;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Topology;
import org.firstlight.redis.pipeline.Bytes;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A cluster of three masters and three replicas. */
public final class ClusteredRedis implements RedisTopology {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;

  private final List<RedisProcess> processes = new ArrayList<>();

  private ClusteredRedis(
      Path folder, Duration nodeTimeout, IntUnaryOperator door, Map<String, String> more) {
    for (int i = 0; i < 2 * MASTERS; i++) {
      processes.add(redis(folder.resolve("redis-" + i), nodeTimeout, door, more));
    }
    for (int i = 0; i < processes.size(); i++) {
      RedisProcess process = processes.get(i);
      process.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      if (i < MASTERS) {
        int first = SLOTS * i / MASTERS;
        int last = SLOTS * (i + 1) / MASTERS - 1;
        process.command(
            "CLUSTER", "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
      }
      if (i > 0) {
        meet(process, processes.get(0));
      }
    }
    await().atMost(PATIENCE).until(() -> processes.stream().allMatch(this::knowsAll));
    for (int i = 0; i < MASTERS; i++) {
      processes.get(MASTERS + i).command("CLUSTER", "REPLICATE", id(processes.get(i)));
    }
  }

  public static ClusteredRedis start(Path folder) {
    return start(folder, Duration.ofSeconds(2));
  }

  /**
   * @param nodeTimeout for how long a node is silent before it counts as lost
   */
  public static ClusteredRedis start(Path folder, Duration nodeTimeout) {
    return start(folder, nodeTimeout, port -> port, Map.of());
  }

  /**
   * @param door gives the port where clients and replicas reach a node, for its own
   * @param more lines of each node's configuration
   */
  public static ClusteredRedis start(
      Path folder, Duration nodeTimeout, IntUnaryOperator door, Map<String, String> more) {
    ClusteredRedis started = new ClusteredRedis(folder, nodeTimeout, door, more);
    await().atMost(PATIENCE).until(started::isWhole);
    return started;
  }

  /** Those that hold slots, as a living node sees it. */
  public List<RedisProcess> masters() {
    return slots().stream().map(range -> process(Bytes.list(range.get(2)))).distinct().toList();
  }

  /** The replicas of a master, as a living node sees it. */
  public List<RedisProcess> replicasOf(RedisProcess master) {
    return slots().stream()
        .filter(range -> process(Bytes.list(range.get(2))) == master)
        .flatMap(range -> range.subList(3, range.size()).stream())
        .map(Bytes::list)
        .map(this::process)
        .distinct()
        .toList();
  }

  /** Has a replica take its master's place, with the old one at hand. */
  public void failOver(RedisProcess master) {
    RedisProcess replica = replicasOf(master).get(0);
    replica.command("CLUSTER", "FAILOVER");
    await().atMost(PATIENCE).until(replica::isMaster);
  }

  /** Moves the slots of a shard to another master, key by key. */
  public void moveShard(int shard, RedisProcess target) {
    String slot = Integer.toString(slotOf(shard));
    RedisProcess source = masterOf(shard);
    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", id(source));
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", id(target));
    for (List<?> keys = keysIn(source, slot); !keys.isEmpty(); keys = keysIn(source, slot)) {
      String port = Integer.toString(target.node().port());
      for (Object key : keys) {
        source.command("MIGRATE", target.node().host(), port, Bytes.text(key), "0", "5000");
      }
    }
    for (RedisProcess master : List.of(target, source)) {
      master.command("CLUSTER", "SETSLOT", slot, "NODE", id(target));
    }
  }

  /**
   * Until every slot is served and every master has its replica, as all of them see it, and the
   * replicas hold what is written now.
   */
  public void awaitWhole() {
    await().atMost(PATIENCE).ignoreExceptions().until(this::isWhole);
    for (RedisProcess master : masters()) {
      long written = master.offset();
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> replicasOf(master).stream().allMatch(one -> one.offset() >= written));
    }
  }

  @Override
  public RedisSettings settings() {
    return RedisSettings.of(
        new Topology.Cluster(processes.stream().map(RedisProcess::node).toList()), Login.NONE);
  }

  @Override
  public String configuration(Path folder) {
    return """
        redis:
          mode: cluster
          nodes: %s
        """
        .formatted(processes.stream().map(one -> "\"" + one.node() + "\"").toList());
  }

  @Override
  public List<RedisProcess> processes() {
    return List.copyOf(processes);
  }

  @Override
  public RedisProcess masterOf(int shard) {
    long slot = slotOf(shard);
    return slots().stream()
        .filter(range -> Bytes.number(range.get(0)) <= slot && slot <= Bytes.number(range.get(1)))
        .map(range -> process(Bytes.list(range.get(2))))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    processes.forEach(RedisProcess::close);
  }

  private List<List<?>> slots() {
    RedisProcess asked =
        processes.stream()
            .filter(RedisProcess::isAlive)
            .filter(one -> one.text("CLUSTER", "INFO").contains("cluster_state:ok"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no node serves at present"));
    List<List<?>> ranges = new ArrayList<>();
    Bytes.list(asked.command("CLUSTER", "SLOTS")).forEach(range -> ranges.add(Bytes.list(range)));
    return ranges;
  }

  private RedisProcess process(List<?> address) {
    long port = Bytes.number(address.get(1));
    return processes.stream()
        .filter(one -> one.announced().port() == port)
        .findFirst()
        .orElseThrow();
  }

  private boolean isWhole() {
    return processes.stream()
            .allMatch(
                one ->
                    one.text("CLUSTER", "INFO").contains("cluster_state:ok")
                        && Bytes.list(one.command("CLUSTER", "SLOTS")).stream()
                            .allMatch(range -> Bytes.list(range).size() == 4))
        && processes.stream()
            .allMatch(
                one ->
                    one.isMaster()
                        ? one.info("connected_slaves").equals("1")
                        : one.info("master_link_status").equals("up"));
  }

  private boolean knowsAll(RedisProcess process) {
    List<String> nodes = process.text("CLUSTER", "NODES").lines().toList();
    return nodes.size() == processes.size()
        && nodes.stream().noneMatch(node -> node.contains("handshake"));
  }

  private static void meet(RedisProcess process, RedisProcess other) {
    process.command(
        "CLUSTER",
        "MEET",
        other.node().host(),
        Integer.toString(other.node().port()),
        busPort(other));
  }

  private static String busPort(RedisProcess process) {
    return Bytes.text(Bytes.list(process.command("CONFIG", "GET", "cluster-port")).get(1));
  }

  private static String id(RedisProcess process) {
    return process.text("CLUSTER", "MYID");
  }

  private static List<?> keysIn(RedisProcess process, String slot) {
    return Bytes.list(process.command("CLUSTER", "GETKEYSINSLOT", slot, "100"));
  }

  private static int slotOf(int shard) {
    return JedisClusterCRC16.getSlot(Shard.word(shard));
  }

  private static RedisProcess redis(
      Path folder, Duration nodeTimeout, IntUnaryOperator door, Map<String, String> more) {
    return RedisProcess.start(
        folder,
        RedisProcess.Access.OPEN,
        door,
        (port, announced) -> {
          List<String> lines = RedisProcess.storing(more);
          lines.add("port " + port);
          lines.add("cluster-announce-port " + announced);
          lines.add("cluster-enabled yes");
          lines.add("cluster-port " + RedisProcess.freePort());
          lines.add("cluster-node-timeout " + nodeTimeout.toMillis());
          lines.add("cluster-replica-validity-factor 0");
          return lines;
        });
  }
}
