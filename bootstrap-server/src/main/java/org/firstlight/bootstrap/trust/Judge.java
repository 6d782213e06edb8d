package org.firstlight.bootstrap.trust;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.firstlight.bootstrap.ocsp.OcspAnswers;
import org.firstlight.bootstrap.ocsp.OcspAnswers.Told;
import org.firstlight.bootstrap.ocsp.OcspQuestion;
import org.firstlight.bootstrap.revocation.Revocations.Finding;
import org.firstlight.bootstrap.trust.Verdict.Asking;
import org.firstlight.bootstrap.trust.Verdict.Cause;

/** Judges a chain to the end: by records and lists that are here, then by who has to be asked. */
public final class Judge {
  private final Supplier<FactoryTrust> trust;
  private final OcspAnswers answers;
  private final RecentVerdicts recent = new RecentVerdicts();
  private final Clock clock;

  public Judge(Supplier<FactoryTrust> trust, OcspAnswers answers, Clock clock) {
    this.trust = trust;
    this.answers = answers;
    this.clock = clock;
  }

  /** The trust of this moment. */
  FactoryTrust trust() {
    return trust.get();
  }

  /** By what is known here alone: {@link Asking} where a responder would have to be asked. */
  Verdict known(List<X509Certificate> chain) {
    Verdict verdict = trust.get().judge(chain, clock.instant());
    if (!(verdict instanceof Asking asking)) {
      return verdict;
    }
    boolean all = true;
    for (OcspQuestion question : asking.questions()) {
      Optional<Told> told = answers.known(question);
      if (told.flatMap(Told::fault).isPresent()) {
        return distrusted(told.get().fault().get());
      }
      all &= told.isPresent();
    }
    return all ? asking.ifGood() : asking;
  }

  /**
   * Judges who shakes hands. Trusted or distrusted, and never fails; complete already where nobody
   * has to be asked.
   */
  CompletionStage<Verdict> judgeHandshake(List<X509Certificate> chain) {
    FactoryTrust now = trust.get();
    Instant at = clock.instant();
    Verdict here = now.judge(chain, at);
    recent.put(now, chain, at, here);
    return asked(here);
  }

  /**
   * The same of a connection, whose handshake may just have been judged: what was found here then
   * holds for a moment, as long as the trust is the same one. Responders are asked as ever.
   */
  CompletionStage<Verdict> judgeConnected(List<X509Certificate> chain) {
    FactoryTrust now = trust.get();
    Instant at = clock.instant();
    return asked(recent.find(now, chain, at).orElseGet(() -> now.judge(chain, at)));
  }

  private CompletionStage<Verdict> asked(Verdict here) {
    if (!(here instanceof Asking asking)) {
      return CompletableFuture.completedStage(here);
    }
    CompletionStage<Verdict> all = CompletableFuture.completedStage(asking.ifGood());
    for (OcspQuestion question : asking.questions()) {
      all =
          all.thenCombine(
              answers.ask(question),
              (before, told) ->
                  before instanceof Verdict.Distrusted
                      ? before
                      : told.fault().<Verdict>map(Judge::distrusted).orElse(before));
    }
    return all;
  }

  private static Verdict distrusted(Finding found) {
    return Verdict.no(found.revoked() ? Cause.REVOKED : Cause.UNKNOWN_REVOCATION, found.reason());
  }
}
