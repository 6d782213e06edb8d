package org.firstlight.badluck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.firstlight.journey.SmallDisk;
import org.firstlight.redis.Durability;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing acknowledged is lost or doubled, whatever breaks, within what the design promises. */
class BadLuckIT {
  private static final int MANY = Integer.getInteger("firstlight.badLuck", 20);

  /** Of every random moment: printed in the report, and taken from there to play it again. */
  private static final long SEED = Long.getLong("firstlight.seed", new Random().nextInt(1_000_000));

  private static final Report REPORT = new Report(Path.of("target", "bad-luck.md"), SEED);

  @TempDir private Path folder;

  @AfterAll
  static void report() {
    REPORT.print();
  }

  @Test
  void processes_and_connections_may_break() throws Exception {
    try (LoneRedis redis = LoneRedis.start(folder.resolve("redis"), Durability.EVERYSEC);
        Scene scene = Scene.on(folder, Ground.of(redis), SEED)) {
      survive(scene, 1, Fault.SERVER_KILLED, Fault.REDIS_KILLED);
      survive(scene, 1, Fault.CONNECTION_CUT, Fault.REPLIES_DELAYED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_power_may_go(Durability durability) throws Exception {
    thePowerMayGo(durability, 1);
  }

  @Test
  void the_disk_may_be_full() throws Exception {
    theDiskMayBeFull(Durability.EVERYSEC, 1);
  }

  @Test
  void a_replica_may_take_the_masters_place() throws Exception {
    aReplicaMayTakeTheMastersPlace(1);
  }

  @Tag("long")
  @Test
  void a_replica_may_take_the_masters_place_again_and_again() throws Exception {
    aReplicaMayTakeTheMastersPlace(MANY);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void processes_and_connections_may_break_again_and_again(Durability durability) throws Exception {
    try (LoneRedis redis = LoneRedis.start(folder.resolve("redis"), durability);
        Scene scene = Scene.on(folder, Ground.of(redis), SEED)) {
      survive(scene, MANY, Fault.SERVER_KILLED, Fault.REDIS_KILLED);
      survive(scene, MANY, Fault.CONNECTION_CUT, Fault.REPLIES_DELAYED);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void the_power_may_go_again_and_again(Durability durability) throws Exception {
    thePowerMayGo(durability, MANY);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void the_disk_may_be_full_again_and_again(Durability durability) throws Exception {
    theDiskMayBeFull(durability, MANY);
  }

  @Test
  void another_master_may_be_elected() throws Exception {
    anotherMasterMayBeElected("cluster", 1);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(strings = {"cluster", "sentinel"})
  void another_master_may_be_elected_again_and_again(String who) throws Exception {
    anotherMasterMayBeElected(who, MANY);
  }

  private void anotherMasterMayBeElected(String who, int times) throws Exception {
    Path nodes = folder.resolve("redis");
    try (ElectedRedis redis =
            who.equals("cluster") ? ElectedRedis.clustered(nodes) : ElectedRedis.watched(nodes);
        Scene scene = Scene.on(folder, Ground.of(redis), SEED)) {
      survive(scene, times, Fault.FAILOVER_PLANNED, Fault.FAILOVER_BY_KILL, Fault.REPLICAS_LATE);
    }
  }

  private void aReplicaMayTakeTheMastersPlace(int times) throws Exception {
    try (RedisPair pair = RedisPair.start(folder.resolve("redis"));
        Scene scene = Scene.on(folder, Ground.of(pair), SEED)) {
      survive(scene, times, Fault.MASTER_CHANGED, Fault.MASTER_KILLED);
    }
  }

  private void thePowerMayGo(Durability durability, int times) throws Exception {
    try (LoneRedis redis = LoneRedis.startTraced(folder.resolve("redis"), durability);
        Scene scene = Scene.on(folder, Ground.of(redis), SEED)) {
      survive(scene, times, Fault.POWER_LOST);
    }
  }

  private void theDiskMayBeFull(Durability durability, int times) throws Exception {
    try (SmallDisk disk = SmallDisk.mountedAt(folder.resolve("redis"), 128);
        LoneRedis redis = LoneRedis.start(folder.resolve("redis"), durability);
        Scene scene = Scene.on(folder, Ground.of(redis, disk), SEED)) {
      survive(scene, times, Fault.DISK_FULL);
    }
  }

  /** Each fault in turn, this often. */
  private static void survive(Scene scene, int times, Fault... faults) throws Exception {
    for (int i = 0; i < times; i++) {
      for (Fault fault : faults) {
        long begun = System.nanoTime();
        Survival survival = scene.survive(fault);
        REPORT.add(survival);
        System.out.printf(
            "%s: %d of %d, in %d ms%n",
            fault.words(), i + 1, times, (System.nanoTime() - begun) / 1_000_000);
        assertThat(survival.faults()).as("%s, seed %d", fault.words(), SEED).isEqualTo(List.of());
      }
    }
  }
}
