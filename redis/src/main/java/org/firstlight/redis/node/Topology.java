package org.firstlight.redis.node;

import java.util.List;

/** How many Redis processes there are, and who knows which of them to write to. */
public sealed interface Topology {
  /** One. */
  record Standalone(Node node) implements Topology {}

  /**
   * One master with replicas, watched by sentinels.
   *
   * @param master its name among the sentinels
   * @param login to the sentinels
   */
  record Sentinel(String master, List<Node> sentinels, Login login) implements Topology {
    public Sentinel {
      sentinels = List.copyOf(sentinels);
    }
  }

  /**
   * Masters that share the slots, with replicas.
   *
   * @param seeds some of the nodes: the others are learnt from them
   */
  record Cluster(List<Node> seeds) implements Topology {
    public Cluster {
      seeds = List.copyOf(seeds);
    }
  }
}
