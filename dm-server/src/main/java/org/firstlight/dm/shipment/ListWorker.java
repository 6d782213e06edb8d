package org.firstlight.dm.shipment;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.shipment.ShipmentList.State;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that applies this node's lists, one after the other, and forgets the old ones. */
final class ListWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListWorker.class);

  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration WAITED_FOR = Duration.ofDays(7);

  /** Ticks between two looks that nobody asked for. */
  private static final int LOOK_EVERY = 60;

  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration CLEANING = Duration.ofHours(1);

  private final ListRecords lists;
  private final Spool spool;
  private final ListApplication application;
  private final String node;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "dm-shipments");
            made.setDaemon(true);
            return made;
          });

  private int quiet;

  /** There may be some of an earlier process. */
  private volatile boolean waiting = true;

  ListWorker(
      ListRecords lists, Spool spool, ListApplication application, String node, Clock clock) {
    this.lists = lists;
    this.spool = spool;
    this.application = application;
    this.node = node;
    this.clock = clock;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::work, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    thread.scheduleWithFixedDelay(
        this::clean, CLEANING.toMinutes(), CLEANING.toMinutes(), TimeUnit.MINUTES);
  }

  /** There may be one to apply, or to forget. */
  void wake() {
    waiting = true;
  }

  /** Forgets the record and then its files; false if the record was changed meanwhile. */
  boolean remove(Stored<ShipmentList> list) {
    boolean deleted = lists.delete(list);
    if (deleted) {
      try {
        spool.remove(list.value());
      } catch (IOException e) {
        LOG.warn("files of shipment list {} stay behind", list.id(), e);
      }
    }
    return deleted;
  }

  private void work() {
    // and now and then whatever was heard: a word may be lost
    if (!waiting && ++quiet < LOOK_EVERY) {
      return;
    }
    quiet = 0;
    try {
      waiting = false;
      lists.all().stream()
          .filter(list -> list.value().node().equals(node))
          .filter(
              list ->
                  list.value().state() == State.VERIFYING
                      || list.value().state() == State.APPLYING
                      || list.value().state() == State.DELETED)
          .sorted(Comparator.comparing(list -> list.value().changedAt()))
          .forEach(this::run);
    } catch (DependencyUnavailableException away) {
      waiting = true;
      LOG.debug("shipment lists wait for state", away);
    } catch (RuntimeException fault) {
      LOG.error("shipment lists cannot be looked for; they go on in a while", fault);
    }
  }

  private void run(Stored<ShipmentList> list) {
    if (list.value().state() == State.DELETED) {
      remove(list);
      return;
    }
    try {
      application.run(list);
    } catch (ListGoneException gone) {
      LOG.info("shipment list {} was deleted while it was applied", list.id());
      lists
          .find(list.id())
          .filter(now -> now.value().state() == State.DELETED)
          .ifPresent(this::remove);
    } catch (DependencyUnavailableException away) {
      throw away;
    } catch (RuntimeException fault) {
      LOG.error("shipment list {} goes on in a while", list.id(), fault);
    }
  }

  void clean() {
    try {
      Instant now = clock.instant();
      lists.all().stream()
          .filter(list -> list.value().node().equals(node))
          .filter(list -> isOld(list.value(), now))
          .forEach(this::remove);
    } catch (RuntimeException away) {
      LOG.debug("old shipment lists stay for an hour more", away);
    }
  }

  private static boolean isOld(ShipmentList list, Instant now) {
    Duration kept = list.state().ended() ? KEPT : WAITED_FOR;
    return (list.state().ended() || list.state() == State.RECEIVING)
        && list.changedAt().plus(kept).isBefore(now);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
