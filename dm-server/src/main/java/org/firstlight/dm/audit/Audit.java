package org.firstlight.dm.audit;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;

/** The book of acts. The newest hundred thousand stand in it. */
public final class Audit {
  private static final int KEPT = 100_000;

  private static final int TRIM_EVERY = 500;

  private static final int PAGE = 500;

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
   * @param from the address that it came from
   * @param result {@code ok}, or the code of the refusal
   */
  public CompletionStage<CommitOutcome> record(
      Principal by, String from, String action, String target, String result) {
    return record(by, from, action, target, result, Set.of());
  }

  /**
   * Writes down an act that others see too.
   *
   * @param concerns ids of tenants whose device it was, before or after
   */
  public CompletionStage<CommitOutcome> record(
      Principal by,
      String from,
      String action,
      String target,
      String result,
      Set<String> concerns) {
    Instant now = clock.instant();
    Set<String> others =
        concerns.stream()
            .filter(tenant -> !tenant.equals(by.tenant()))
            .collect(Collectors.toUnmodifiableSet());
    AuditEntry entry =
        new AuditEntry(
            now,
            by.tenant(),
            by.tokenId(),
            Optional.of(from),
            by.user(),
            Optional.of(others).filter(some -> !some.isEmpty()),
            action,
            target,
            result);
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

  /**
   * Which acts are asked for; who is not the platform's sees its own tenant's, and those of others
   * on its devices.
   *
   * @param since the earliest, inclusive
   * @param until the latest, exclusive
   * @param target exactly what was acted upon
   */
  public record Wanted(
      Principal by, Optional<Instant> since, Optional<Instant> until, Optional<String> target) {
    private boolean has(AuditEntry entry) {
      return (by.isAdministrator()
              || entry.tenant().equals(by.tenant())
              || entry.concerns().filter(all -> all.contains(by.tenant())).isPresent())
          && since.filter(entry.at()::isBefore).isEmpty()
          && until.filter(end -> !entry.at().isBefore(end)).isEmpty()
          && target.filter(wanted -> !wanted.equals(entry.target())).isEmpty();
    }
  }

  /** A page, newest first. */
  public Page<AuditEntry> list(Wanted wanted, Optional<String> cursor, int limit) {
    return BlockingState.await(records.list(Kinds.AUDIT, cursor, limit, wanted::has));
  }

  /** All of them, newest first, as they stand while they are gone through. */
  public void forEach(Wanted wanted, Consumer<Stored<AuditEntry>> each) {
    Optional<String> cursor = Optional.empty();
    do {
      Page<AuditEntry> page = list(wanted, cursor, PAGE);
      page.items().forEach(each);
      cursor = page.next();
    } while (cursor.isPresent());
  }
}
