package org.firstlight.dm.api;

import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.audit.Audit;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.tenant.Tenant;

/** Signing in and out. */
final class SessionRoutes {
  private final SignIn signIn;
  private final Tokens tokens;
  private final Audit audit;
  private final boolean https;

  /**
   * @param https whether browsers reach us by https alone
   */
  SessionRoutes(SignIn signIn, Tokens tokens, Audit audit, boolean https) {
    this.signIn = signIn;
    this.tokens = tokens;
    this.audit = audit;
    this.https = https;
  }

  record Proof(Optional<String> code, Optional<String> token) {
    @Override
    public String toString() {
      return "Proof[]";
    }
  }

  record Session(
      String tenant,
      Tenant.Kind kind,
      String name,
      Optional<String> csrf,
      Optional<Instant> expiresAt) {
    static Session of(SignIn.Caller caller) {
      return new Session(
          caller.principal().tenant(),
          caller.principal().kind(),
          caller.name(),
          caller.csrf(),
          caller.expiresAt());
    }
  }

  Answer signIn(Call call) {
    Proof proof = call.body(Proof.class, 4096);
    if (proof.code().isPresent() == proof.token().isPresent()) {
      throw Call.refusal(FailureCode.MALFORMED, "one of code and token is wanted");
    }
    String from = call.ctx().ip();
    SignIn.Opened opened =
        Call.demand(
            proof
                .code()
                .map(code -> signIn.withCode(code, from))
                .orElseGet(() -> signIn.withToken(proof.token().orElseThrow(), from)));
    BlockingState.await(
        audit.record(
            opened.caller().principal(), from, "session.begin", opened.caller().name(), "ok"));
    return Answer.ok(Session.of(opened.caller()))
        .withCookie(cookie(opened.cookie(), (int) SignIn.SESSION_LIFETIME.toSeconds()));
  }

  Answer show(Call call) {
    return Answer.ok(Session.of(call.caller()));
  }

  Answer signOut(Call call) {
    if (call.caller().csrf().isPresent()) {
      tokens.revoke(call.principal().tokenId());
    }
    return Answer.nothing().withCookie(cookie("", 0));
  }

  private Cookie cookie(String value, int seconds) {
    return new Cookie(Gate.COOKIE, value, "/api", seconds, https, true, null, SameSite.STRICT);
  }
}
