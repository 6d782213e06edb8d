package org.firstlight.dm.certificate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.firstlight.fleet.credential.PublishedRevocationList;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Leases;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.RevocationListBytes;
import org.firstlight.kit.pki.CertificateAuthority;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.IssuedRevocationList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the operational CA's CRL from what is stored, on one node at a time: soon after a
 * revocation, and every hour, for superseded certificates come into it then. Certificates whose end
 * was in a list already are forgotten with that (RFC 5280 §5).
 */
public final class RevocationListIssuing {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationListIssuing.class);
  private static final String NAME = "operational-crl";
  private static final String HOME = PublishedRevocationList.ID;
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration VALIDITY = Duration.ofHours(24);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofHours(1);

  /** Devices' and others' clocks are late. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final int PAGE = 500;

  private final FleetState records;
  private final Leases leases;
  private final CertificateAuthority authority;
  private final Executor work;
  private final Clock clock;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();

  /** Nobody knows what was revoked before this node listened. */
  private volatile Instant wantedSince;

  /**
   * @param work for signing
   * @param node as it takes the lease
   */
  public RevocationListIssuing(
      FleetState records,
      Leases leases,
      CertificateAuthority authority,
      Executor work,
      Clock clock,
      String node) {
    this.records = records;
    this.leases = leases;
    this.authority = authority;
    this.work = work;
    this.clock = clock;
    this.node = node;
    this.wantedSince = clock.instant();
  }

  /** Looks now and then from now on; then the node's copy is refreshed. */
  public void start(ScheduledExecutorService timer, RevocationListView copy) {
    timer.scheduleWithFixedDelay(
        () ->
            look()
                .thenCompose(looked -> copy.refresh())
                .exceptionally(
                    away -> {
                      LOG.debug("the CRL of the operational CA stays as it was", away);
                      return null;
                    }),
        0,
        LOOK.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Something was revoked, or is good again: it is in the list that the next look makes. */
  public void want() {
    wantedSince = clock.instant();
  }

  /**
   * Makes a list if one is wanted or due, and no other node is at it; the stage completes when it
   * is made.
   */
  public CompletionStage<Void> look() {
    return records
        .find(Kinds.PUBLISHED_LIST, HOME, HOME)
        .thenCompose(
            newest ->
                isDue(newest) && running.compareAndSet(false, true)
                    ? CompletableFuture.completedStage(newest)
                        .thenCompose(this::issue)
                        .whenComplete((done, fault) -> running.set(false))
                    : CompletableFuture.completedStage(null));
  }

  /** A list has what was stored before the reading for it began. */
  private boolean isDue(Optional<Stored<PublishedRevocationList>> newest) {
    Instant now = clock.instant();
    return newest
        .map(list -> list.value().thisUpdate().plus(BACKDATED))
        .filter(begun -> begun.isAfter(wantedSince) && begun.plus(INTERVAL).isAfter(now))
        // else a clock went back
        .filter(begun -> begun.isBefore(now.plus(BACKDATED)))
        .isEmpty();
  }

  private CompletionStage<Void> issue(Optional<Stored<PublishedRevocationList>> newest) {
    Instant begun = clock.instant();
    return leases
        .take(NAME, node, LEASE)
        .thenCompose(
            mine ->
                mine
                    ? released(
                        all(Optional.empty(), new ArrayList<>())
                            .thenComposeAsync(revoked -> publish(newest, revoked, begun), work))
                    : CompletableFuture.completedStage(null));
  }

  /** Whether it was made or not: the next look need not wait for the lease to pass. */
  private CompletionStage<Void> released(CompletionStage<Void> made) {
    return made.handle((done, fault) -> leases.release(NAME, node).thenCompose(free -> made))
        .thenCompose(Function.identity());
  }

  private CompletionStage<List<RevokedCertificate>> all(
      Optional<String> cursor, List<RevokedCertificate> found) {
    return records
        .list(Kinds.REVOKED_CERTIFICATE, cursor, PAGE, one -> true)
        .thenCompose(
            page -> {
              page.items().stream().map(Stored::value).forEach(found::add);
              return page.next().isPresent()
                  ? leases.take(NAME, node, LEASE).thenCompose(mine -> all(page.next(), found))
                  : CompletableFuture.completedStage(found);
            });
  }

  private CompletionStage<Void> publish(
      Optional<Stored<PublishedRevocationList>> newest,
      List<RevokedCertificate> revoked,
      Instant begun) {
    long number =
        PublishedRevocationList.numberAfter(
            newest.map(list -> list.value().number()).orElse(0L), begun);
    Instant thisUpdate = begun.minus(BACKDATED);
    Instant nextUpdate = begun.plus(VALIDITY);
    return authority
        .revocationListLater(
            new IssuedRevocationList(
                number,
                thisUpdate,
                nextUpdate,
                revoked.stream()
                    .map(
                        one ->
                            new IssuedRevocationList.Entry(
                                one.serialNumber(), one.revokedAt(), one.reason().code()))
                    .toList()))
        .thenComposeAsync(
            made ->
                made.result()
                    .map(
                        der ->
                            keep(
                                newest,
                                revoked,
                                new PublishedRevocationList(
                                    number,
                                    thisUpdate,
                                    nextUpdate,
                                    revoked.size(),
                                    Certificates.hexSha256(der)),
                                der))
                    // the CA's key is away: the next look tries again
                    .orElseGet(() -> CompletableFuture.completedStage(null)),
            work);
  }

  private CompletionStage<Void> keep(
      Optional<Stored<PublishedRevocationList>> newest,
      List<RevokedCertificate> revoked,
      PublishedRevocationList list,
      byte[] der) {
    Change change =
        Change.in(HOME)
            .put(Kinds.PUBLISHED_LIST, HOME, newest.map(Stored::version).orElse(0L), list)
            .put(
                Kinds.PUBLISHED_LIST_BYTES,
                HOME,
                Change.ANY_VERSION,
                new RevocationListBytes(Base64.getEncoder().encodeToString(der)))
            .build();
    return records
        .commit(change)
        .thenCompose(
            outcome -> {
              if (!(outcome instanceof CommitOutcome.Committed)) {
                // another node's list came between: the next look judges that one
                return CompletableFuture.completedStage(null);
              }
              LOG.debug(
                  "CRL {} of the operational CA names {} certificates",
                  list.number(),
                  list.entries());
              return forget(newest, revoked);
            });
  }

  /** Those that had ended when the list before this one was made: that one named them still. */
  private CompletionStage<Void> forget(
      Optional<Stored<PublishedRevocationList>> before, List<RevokedCertificate> revoked) {
    List<CompletableFuture<CommitOutcome>> gone =
        revoked.stream()
            .filter(
                one ->
                    before
                        .filter(list -> one.notAfter().isBefore(list.value().thisUpdate()))
                        .isPresent())
            .map(
                one ->
                    records
                        .commit(
                            Change.in(one.endpointName().value())
                                .delete(
                                    Kinds.REVOKED_CERTIFICATE,
                                    one.serialNumber(),
                                    Change.ANY_VERSION)
                                .build())
                        .toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(gone.toArray(CompletableFuture<?>[]::new));
  }
}
