package org.firstlight.redis.node;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.firstlight.fleet.state.Shard;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Asks a node of the cluster for the owners of the slots: the one that answered last, then all that
 * are known. One that says itself that the cluster is not whole is believed only if all do.
 */
final class ClusterFinder implements Finder {
  /** Slots and those who have them, the master first. */
  private record Range(long first, long last, List<Node> nodes) {}

  private static final int[] SLOTS = slots();

  private final Questions questions;
  private final Set<Node> seeds;
  private Set<Node> known;

  ClusterFinder(Topology.Cluster topology, Connector connector) {
    this.questions = new Questions(connector);
    this.seeds = new LinkedHashSet<>(topology.seeds());
    this.known = seeds;
  }

  @Override
  public List<Node> find() {
    @Nullable List<Node> doubtful = null;
    JedisException why = new JedisConnectionException("no node is named");
    Set<Node> candidates = new LinkedHashSet<>(known);
    candidates.addAll(seeds);
    for (Node candidate : candidates) {
      try {
        boolean whole =
            questions.ask(candidate, "CLUSTER INFO").toString().contains("cluster_state:ok");
        List<Range> ranges = ranges(candidate);
        if (whole) {
          List<Node> owners = owners(ranges);
          known = new LinkedHashSet<>(List.of(candidate));
          ranges.forEach(range -> known.addAll(range.nodes()));
          return owners;
        }
        doubtful = doubtful == null ? owners(ranges) : doubtful;
        why = new JedisConnectionException("the cluster does not serve all its slots");
      } catch (JedisException e) {
        why = e;
      }
    }
    if (doubtful == null) {
      throw why;
    }
    return doubtful;
  }

  /** It answers MOVED where it is not the owner: nothing to ask beforehand. */
  @Override
  public void verify(Connection connection) {}

  @Override
  public void close() {
    questions.close();
  }

  private List<Range> ranges(Node asked) {
    List<Range> ranges = new ArrayList<>();
    for (Object told : questions.list(asked, "CLUSTER SLOTS")) {
      List<?> fields = (List<?>) told;
      List<Node> nodes = new ArrayList<>();
      fields.subList(2, fields.size()).forEach(node -> nodes.add(node(asked, (List<?>) node)));
      ranges.add(new Range((Long) fields.get(0), (Long) fields.get(1), nodes));
    }
    return ranges;
  }

  /** A node that does not know its own address is where it was asked. */
  private static Node node(Node asked, List<?> address) {
    String host = address.get(0) == null ? "" : address.get(0).toString();
    int port = ((Long) address.get(1)).intValue();
    return new Node(host.isEmpty() || host.equals("?") ? asked.host() : host, port);
  }

  private static List<Node> owners(List<Range> ranges) {
    List<Node> owners = new ArrayList<>();
    for (int slot : SLOTS) {
      owners.add(
          ranges.stream()
              .filter(range -> range.first() <= slot && slot <= range.last())
              .map(range -> range.nodes().get(0))
              .findFirst()
              .orElseThrow(
                  () ->
                      new JedisConnectionException(
                          "nobody owns slot %d of the cluster".formatted(slot))));
    }
    return owners;
  }

  private static int[] slots() {
    int[] slots = new int[Shard.COUNT];
    for (int shard = 0; shard < slots.length; shard++) {
      slots[shard] = JedisClusterCRC16.getSlot(Shard.word(shard));
    }
    return slots;
  }
}
