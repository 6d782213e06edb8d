package org.firstlight.dm.audit;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;

/** The book of acts. */
public final class Audit {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final FleetState records;
  private final Clock clock;

  public Audit(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
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
    return records.commit(Change.in(AuditEntry.HOME).put(Kinds.AUDIT, id(now), 0, entry).build());
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
