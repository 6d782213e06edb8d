package org.firstlight.dm.api;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.user.PasswordSignIn;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.BrowserSession;

/** One's own password, and sessions: one's own, and those of a tenant that one administers. */
final class AccountRoutes {
  private final BlockingState state;
  private final Tokens tokens;
  private final PasswordSignIn passwords;
  private final SessionRoutes sessions;

  AccountRoutes(
      BlockingState state, Tokens tokens, PasswordSignIn passwords, SessionRoutes sessions) {
    this.state = state;
    this.tokens = tokens;
    this.passwords = passwords;
    this.sessions = sessions;
  }

  record NewPassword(Optional<String> oldPassword, String password) {
    @Override
    public String toString() {
      return "NewPassword[]";
    }
  }

  /**
   * @param current whether it is the one that asks
   */
  record View(
      String id,
      String tenant,
      Optional<String> user,
      String name,
      boolean current,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<String> address,
      Optional<String> browser,
      Optional<Instant> lastUsed) {}

  Answer changePassword(Call call) {
    NewPassword wish = call.body(NewPassword.class, 4096);
    String user =
        call.principal()
            .user()
            .filter(id -> call.caller().inPerson())
            .orElseThrow(
                () ->
                    Call.refusal(
                        FailureCode.CONFLICT, "only a user who is signed in has a password"));
    SignIn.Place place = SessionRoutes.place(call);
    PasswordSignIn.Opened opened =
        Call.demand(passwords.change(user, wish.oldPassword(), wish.password(), place));
    return Answer.ok(sessions.view(opened.session().caller()))
        .withCookie(sessions.session(opened.session()))
        .withCookie(sessions.known(opened.mark()))
        .about(user);
  }

  Answer list(Call call) {
    Page<ApiToken> page =
        call.page(
            (cursor, limit) ->
                tokens.list(
                    call.principal(), cursor, limit, one -> one.use() == ApiToken.Use.SESSION));
    return Answer.ok(Call.Items.of(page, stored -> view(stored, call)));
  }

  private View view(Stored<ApiToken> stored, Call call) {
    ApiToken session = stored.value();
    Optional<BrowserSession> where =
        state.find(Kinds.BROWSER_SESSION, session.id()).map(Stored::value);
    return new View(
        session.id(),
        session.tenant(),
        session.user(),
        session.name(),
        session.id().equals(call.principal().tokenId()),
        session.createdAt(),
        session.expiresAt(),
        where.map(BrowserSession::address),
        where.map(BrowserSession::browser),
        where.map(BrowserSession::lastUsed));
  }

  Answer end(Call call) {
    Stored<ApiToken> session =
        tokens
            .findById(call.id(), call.principal())
            .filter(found -> found.value().use() == ApiToken.Use.SESSION)
            .orElseThrow(() -> Call.refusal(FailureCode.NOT_FOUND, "there is no such session"));
    tokens.revoke(session);
    return Answer.nothing();
  }
}
