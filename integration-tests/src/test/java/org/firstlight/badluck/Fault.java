package org.firstlight.badluck;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.awaitility.Awaitility;
import org.firstlight.badluck.Ledger.Kind;
import org.firstlight.badluck.Ledger.Lost;
import org.firstlight.redis.topology.RedisProcess;

/** What may break, and how it is mended by who runs the machines: clients get no help. */
enum Fault {
  /** A server's process is gone from one moment to the next, and is started again. */
  SERVER_KILLED {
    @Override
    Strike strike(Scene scene) throws IOException {
      Instant at = Instant.now();
      scene.server().kill();
      scene.server().startAgain();
      return Strike.nothingMayBeLost(at);
    }
  },

  /** Redis is gone from one moment to the next, and is started again on its append-only file. */
  REDIS_KILLED {
    @Override
    Strike strike(Scene scene) throws IOException {
      Instant at = Instant.now();
      scene.redis().kill();
      Strike strike = new Strike(at, scene.redis().outlives(at));
      scene.startRedisAgain(strike);
      return strike;
    }
  },

  /** Redis's machine loses its power, and with it what had not reached the disk. */
  POWER_LOST {
    @Override
    Strike strike(Scene scene) throws IOException {
      Instant at = Instant.now();
      Instant promised = scene.redis().losePower(scene.random());
      Strike strike = new Strike(at, promised);
      scene.startRedisAgain(strike);
      return strike;
    }
  },

  /** Every connection to Redis breaks in the middle of a command or of a reply. */
  CONNECTION_CUT {
    @Override
    Strike strike(Scene scene) throws InterruptedException {
      Instant at = Instant.now();
      scene.wire().cut(scene.random());
      return Strike.nothingMayBeLost(at);
    }
  },

  /** Redis answers as from the other side of the world; clients are served all the same. */
  REPLIES_DELAYED {
    @Override
    Strike strike(Scene scene) {
      Instant at = Instant.now();
      scene.wire().delayReplies(FAR);
      scene.awaitEveryone();
      scene.wire().delayReplies(Duration.ZERO);
      return Strike.nothingMayBeLost(at);
    }
  },

  /** The disk of the append-only file is full, for as long as it takes Redis to say so. */
  DISK_FULL {
    @Override
    Strike strike(Scene scene) throws IOException {
      Instant at = Instant.now();
      scene.disk().fill();
      scene.redis().awaitUnableToWrite();
      scene.disk().free();
      Strike strike = Strike.nothingMayBeLost(at);
      if (!scene.redis().isAlive()) {
        scene.startRedisAgain(strike);
      }
      return strike;
    }
  },

  /** A replica takes the master's place by agreement: the master waits until it has everything. */
  MASTER_CHANGED {
    @Override
    Strike strike(Scene scene) {
      Instant at = Instant.now();
      Strike strike = Strike.nothingMayBeLost(at);
      scene.pair().changeOver();
      scene.moveToNewMaster(strike);
      scene.pair().follow();
      return strike;
    }
  },

  /** The master is gone while its replica is some way behind; the replica takes its place. */
  MASTER_KILLED {
    @Override
    Strike strike(Scene scene) throws IOException, InterruptedException {
      Instant at = scene.pair().killMaster(Duration.ofMillis(scene.random().nextInt(1, 500)));
      Strike strike = Strike.whatReplicaHad(at);
      scene.moveToNewMaster(strike);
      scene.pair().startAgain();
      return strike;
    }
  },

  /** A failover that is asked for, as before an upgrade: whoever decides it, nothing is lost. */
  FAILOVER_PLANNED {
    @Override
    Strike strike(Scene scene) {
      Strike strike = Strike.nothingMayBeLost(Instant.now());
      scene.elected().changeOver(scene.elected().master(scene.random()));
      scene.awaitAnswers();
      scene.lookAtNewMaster(strike);
      scene.elected().awaitWhole();
      return strike;
    }
  },

  /** A master is gone while its replicas are some way behind; they elect another. */
  FAILOVER_BY_KILL {
    @Override
    Strike strike(Scene scene) throws InterruptedException {
      RedisProcess master = scene.elected().master(scene.random());
      Duration behind = Duration.ofMillis(scene.random().nextInt(1, 500));
      Strike strike = Strike.whatReplicaHad(scene.elected().kill(master, behind)).but(GUARDED);
      scene.awaitAnswers();
      scene.elected().awaitSuccessorOf(master);
      scene.lookAtNewMaster(strike);
      scene.elected().startAgain(master);
      return strike;
    }
  },

  /** Replicas are so late that what waits for them is refused, and never called acknowledged. */
  REPLICAS_LATE {
    @Override
    Strike strike(Scene scene) {
      Strike strike = Strike.nothingMayBeLost(Instant.now());
      scene.elected().delayReplicas(TOO_LATE);
      scene.awaitAnswers(); // what a replica had in time is acknowledged by now
      Map<Kind, Long> before = each(scene.ledger()::total);
      Map<Kind, Long> told = each(scene.ledger()::unavailables);
      Awaitility.await()
          .atMost(ElectedRedis.PATIENCE)
          .until(() -> told.entrySet().stream().allMatch(kind -> isToldAgain(scene, kind)));
      before.forEach(scene.ledger()::expectNoMore);
      scene.elected().delayReplicas(Duration.ZERO);
      return strike;
    }
  };

  /** What waits for a replica where that is asked for. */
  private static final Set<Kind> GUARDED = Set.of(Kind.CLAIM, Kind.CREDENTIAL);

  private static final Duration TOO_LATE = Duration.ofSeconds(3);

  private static final Duration FAR = Duration.ofMillis(200);

  /**
   * A fault that was, and is mended.
   *
   * @param promised an effect that was acknowledged before this must not be lost
   * @param kept what must not be lost whenever it was acknowledged
   */
  record Strike(Instant at, Instant promised, Set<Kind> kept) {
    Strike(Instant at, Instant promised) {
      this(at, promised, Set.of());
    }

    Strike but(Set<Kind> never) {
      return new Strike(at, promised, never);
    }

    boolean forbids(Lost effect) {
      return effect.acknowledged().isBefore(promised) || kept.contains(effect.subject().kind());
    }

    boolean mayLose() {
      return !promised.equals(Instant.MAX);
    }

    static Strike nothingMayBeLost(Instant at) {
      return new Strike(at, Instant.MAX);
    }

    /** What the replica had not received is lost, and counted. */
    static Strike whatReplicaHad(Instant at) {
      return new Strike(at, Instant.MIN);
    }
  }

  private static Map<Kind, Long> each(ToLongFunction<Kind> count) {
    Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    GUARDED.forEach(kind -> counts.put(kind, count.applyAsLong(kind)));
    return counts;
  }

  private static boolean isToldAgain(Scene scene, Map.Entry<Kind, Long> before) {
    return scene.ledger().unavailables(before.getKey()) > before.getValue();
  }

  /** Breaks it, and mends it. */
  abstract Strike strike(Scene scene) throws IOException, InterruptedException;

  /** For people. */
  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
