package org.firstlight.bootstrap.ocsp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.firstlight.bootstrap.ocsp.OcspClient.FailedException;
import org.firstlight.bootstrap.revocation.Revocations.Finding;
import org.firstlight.kit.pki.OcspStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What responders said, while it counts, and what they are being asked: at most so much at a time,
 * and nothing twice. Each server asks for itself; a device comes to one.
 */
public final class OcspAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(OcspAnswers.class);
  private static final int MOST_HELD = 50_000;
  private static final int MOST_OPEN = 256;
  private static final int MOST_OPEN_EACH = 64;

  /** What is not known is asked again soon: a device may be on its way to the CA's books. */
  private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

  private static final Duration SILENT_FOR = Duration.ofSeconds(10);

  /**
   * What there is to say of a certificate.
   *
   * @param fault why it is not good; empty if it is
   */
  public record Told(Optional<Finding> fault) {
    private boolean isRevoked() {
      return fault.filter(Finding::revoked).isPresent();
    }
  }

  private record Held(Told told, Instant until) {}

  private final OcspClient client;
  private final OcspHealth health;
  private final Clock clock;
  private final Semaphore open = new Semaphore(MOST_OPEN);
  private final Map<String, Semaphore> openEach = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Told>> asked = new ConcurrentHashMap<>();
  private final Map<String, Held> held =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Held> eldest) {
          return size() > MOST_HELD;
        }
      };

  /**
   * @param executor for questions: nothing else is behind a name that is slow to look up
   */
  public OcspAnswers(Executor executor, OcspHealth health, Clock clock) {
    this.client = new OcspClient(executor, clock);
    this.health = health;
    this.clock = clock;
  }

  /** What is known without asking: an answer that counts still, or that it was revoked. */
  public Optional<Told> known(OcspQuestion question) {
    return Optional.ofNullable(heldOf(question.key()))
        .filter(one -> one.told().isRevoked() || clock.instant().isBefore(one.until()))
        .map(Held::told);
  }

  /** What the responder says, or said not long ago; never fails, and takes its patience at most. */
  public CompletionStage<Told> ask(OcspQuestion question) {
    String key = question.key();
    @Nullable Held now = heldOf(key);
    if (now != null && clock.instant().isBefore(now.until())) {
      return CompletableFuture.completedStage(now.told());
    }
    CompletableFuture<Told> mine = new CompletableFuture<>();
    @Nullable CompletableFuture<Told> other = asked.putIfAbsent(key, mine);
    if (other != null) {
      return other.copy();
    }
    begin(question)
        .whenComplete(
            (told, impossible) -> {
              asked.remove(key);
              if (impossible != null) {
                LOG.error("an OCSP responder could not be asked", impossible);
                mine.complete(silent(question, "it could not be asked"));
              } else {
                mine.complete(told);
              }
            });
    return mine.copy();
  }

  /** Asks anew of this certificate when it comes next: another server heard that it is revoked. */
  public void forget(String certificateSha256) {
    synchronized (held) {
      held.entrySet()
          .removeIf(
              one ->
                  one.getKey().startsWith(certificateSha256) && !one.getValue().told().isRevoked());
    }
  }

  private CompletionStage<Told> begin(OcspQuestion question) {
    Semaphore each =
        openEach.computeIfAbsent(question.responder().url(), url -> new Semaphore(MOST_OPEN_EACH));
    if (!each.tryAcquire()) {
      return CompletableFuture.completedStage(failed(question, "too much is being asked of it"));
    }
    if (!open.tryAcquire()) {
      each.release();
      return CompletableFuture.completedStage(failed(question, "too much is being asked"));
    }
    Instant began = clock.instant();
    CompletionStage<OcspStatement> answer;
    try {
      answer = client.ask(question);
    } catch (RuntimeException odd) {
      answer = CompletableFuture.failedStage(odd);
    }
    return answer.handle(
        (statement, fault) -> {
          open.release();
          each.release();
          return fault == null
              ? taken(question, statement, Duration.between(began, clock.instant()))
              : failed(question, sentence(fault));
        });
  }

  private Told taken(OcspQuestion question, OcspStatement statement, Duration took) {
    Instant now = clock.instant();
    Instant until = now.plus(question.responder().staleAfter());
    String whose = question.isDevice() ? "its certificate" : "a CA above its certificate";
    String word = "good";
    Optional<Finding> fault = Optional.empty();
    if (statement instanceof OcspStatement.Revoked revoked) {
      word = "revoked";
      fault =
          Optional.of(
              new Finding(
                  true,
                  "its CA's OCSP responder says that %s was revoked on %s%s"
                      .formatted(
                          question.isDevice() ? "this certificate" : whose,
                          revoked.at(),
                          revoked.reason().map(why -> " (" + why + ")").orElse(""))));
    } else if (statement instanceof OcspStatement.Unknown) {
      word = "unknown";
      until = earlier(until, now.plus(UNKNOWN_FOR));
      fault =
          Optional.of(
              new Finding(false, "its CA's OCSP responder does not know %s".formatted(whose)));
    }
    Told told = new Told(fault);
    Instant limit = until;
    Held next =
        new Held(told, statement.nextUpdate().map(end -> earlier(end, limit)).orElse(limit));
    @Nullable Held before;
    synchronized (held) {
      before = held.put(question.key(), next);
    }
    health.answered(question, word, took);
    if (told.isRevoked() && (before == null || !before.told().isRevoked())) {
      health.revoked(question, told.fault().get().reason());
    }
    return told;
  }

  private Told failed(OcspQuestion question, String fault) {
    health.failed(question, fault);
    return silent(question, fault);
  }

  /** What holds while the responder says nothing: a revocation, and a refusal as unknown, last. */
  private Told silent(OcspQuestion question, String fault) {
    @Nullable Held before = heldOf(question.key());
    if (before != null && before.told().fault().isPresent()) {
      return before.told();
    }
    if (question.responder().admitUnanswered()) {
      Told admitted = new Told(Optional.empty());
      // the request that follows the handshake is not to wait again
      synchronized (held) {
        held.put(question.key(), new Held(admitted, clock.instant().plus(SILENT_FOR)));
      }
      return admitted;
    }
    return new Told(
        Optional.of(
            new Finding(
                false, "its CA's OCSP responder did not tell whether it is revoked: " + fault)));
  }

  private @Nullable Held heldOf(String key) {
    synchronized (held) {
      return held.get(key);
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static String sentence(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    return cause instanceof FailedException known
        ? String.valueOf(known.getMessage())
        : "it cannot be reached or broke off";
  }
}
