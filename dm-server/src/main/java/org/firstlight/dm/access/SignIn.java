package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.tenant.ApiToken;

/** Turns a one-time code or a token into a browser's session, and a request into its caller. */
public final class SignIn {
  public static final Duration SESSION_LIFETIME = Duration.ofHours(12);

  private static final Failure WRONG =
      Failure.of(
          FailureCode.UNAUTHENTICATED, "this code or token is not good: wrong, used, or too old");

  private final Tokens tokens;
  private final Attempts attempts;

  public SignIn(Tokens tokens, Clock clock) {
    this.tokens = tokens;
    this.attempts = new Attempts(10, Duration.ofMinutes(1), clock);
  }

  /**
   * Who makes a request.
   *
   * @param csrf what a write must show; empty when no cookie is in play
   */
  public record Caller(
      Principal principal, String name, Optional<String> csrf, Optional<Instant> expiresAt) {
    @Override
    public String toString() {
      return "Caller[" + principal + "]";
    }
  }

  /**
   * A session that has begun.
   *
   * @param cookie the session's token text, for the browser alone
   */
  public record Opened(Caller caller, String cookie) {
    @Override
    public String toString() {
      return "Opened[" + caller.principal() + "]";
    }
  }

  /**
   * @param from the address that tries
   */
  public Outcome<Opened> withCode(String code, String from) {
    return open(from, () -> tokens.redeem(code, ApiToken.Use.SIGN_IN));
  }

  public Outcome<Opened> withToken(String token, String from) {
    return open(from, () -> tokens.find(token, ApiToken.Use.API));
  }

  private Outcome<Opened> open(String from, Supplier<Optional<ApiToken>> proof) {
    if (attempts.exhausted(from)) {
      return Outcome.refused(
          FailureCode.RATE_LIMITED, "too many failed tries from here: wait a minute");
    }
    Optional<ApiToken> proven = proof.get();
    if (proven.isEmpty()) {
      attempts.failed(from);
      return Outcome.refused(WRONG);
    }
    ApiToken who = proven.get();
    tokens.sweep();
    Tokens.Issued session =
        tokens.issue(
            who.tenant(),
            who.kind(),
            who.name(),
            ApiToken.Use.SESSION,
            Optional.of(SESSION_LIFETIME));
    return Outcome.done(new Opened(ofSession(session.token(), session.text()), session.text()));
  }

  /** The caller behind an {@code Authorization: Bearer} token. */
  public Optional<Caller> byToken(String token) {
    return tokens
        .find(token, ApiToken.Use.API)
        .map(
            found ->
                new Caller(principal(found), found.name(), Optional.empty(), found.expiresAt()));
  }

  /** The caller behind a session cookie. */
  public Optional<Caller> byCookie(String cookie) {
    return tokens.find(cookie, ApiToken.Use.SESSION).map(found -> ofSession(found, cookie));
  }

  private static Caller ofSession(ApiToken session, String text) {
    return new Caller(
        principal(session),
        session.name(),
        TokenText.parse(text).map(TokenText::csrf),
        session.expiresAt());
  }

  private static Principal principal(ApiToken token) {
    return new Principal(token.tenant(), token.kind(), token.id());
  }
}
