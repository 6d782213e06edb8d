package org.firstlight.dm.audit;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;

/** The book of acts. The newest hundred thousand stand in it. */
public final class Audit {
  private static final int KEPT = 100_000;

  private static final int TRIM_EVERY = 500;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final FleetState records;
  private final Clock clock;
  private final int kept;
  private final int trimEvery;
  private final AtomicInteger untilTrim = new AtomicInteger(1);

  public Audit(FleetState records, Clock clock) {
    this(records, clock, KEPT, TRIM_EVERY);
  }

  /**
   * @param kept acts that stay, at the least
   * @param trimEvery acts between two looks at its length
   */
  Audit(FleetState records, Clock clock, int kept, int trimEvery) {
    this.records = records;
    this.clock = clock;
    this.kept = kept;
    this.trimEvery = trimEvery;
  }

  /**
   * Writes down an act.
   *
   * @param result {@code ok}, or the code of the refusal
   */
  public CompletionStage<CommitOutcome> record(
      Principal by, String action, String target, String result) {
    Instant now = clock.instant();
    AuditEntry entry = new AuditEntry(now, by.tenant(), by.tokenId(), action, target, result);
    return records
        .commit(Change.in(AuditEntry.HOME).put(Kinds.AUDIT, id(now), 0, entry).build())
        .whenComplete((stored, away) -> trimNowAndThen());
  }

  /** The first act after a start looks too; what a look misses the next one finds. */
  private void trimNowAndThen() {
    if (untilTrim.decrementAndGet() == 0) {
      untilTrim.set(trimEvery);
      records.keepFirst(Kinds.AUDIT, AuditEntry.HOME, kept);
    }
  }

  /** Counts down, so that the newest stands first in a list by id. */
  private static String id(Instant now) {
    long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    return "%016x%08x".formatted(Long.MAX_VALUE - micros, RANDOM.nextInt());
  }

  /** A page, newest first; who is not the administrator sees its own tenant's acts. */
  public Page<AuditEntry> list(Principal principal, Optional<String> cursor, int limit) {
    return BlockingState.await(
        records.list(
            Kinds.AUDIT,
            cursor,
            limit,
            entry -> principal.isAdministrator() || entry.tenant().equals(principal.tenant())));
  }
}
