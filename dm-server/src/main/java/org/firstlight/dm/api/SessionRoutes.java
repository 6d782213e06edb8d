package org.firstlight.dm.api;

import io.javalin.http.Cookie;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.firstlight.dm.access.Attempts;
import org.firstlight.dm.access.Network;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.audit.Audit;
import org.firstlight.dm.user.PasswordSignIn;
import org.firstlight.dm.user.Users;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;

/** Signing in and out. */
final class SessionRoutes {
  static final String BROWSER_COOKIE = "firstlight-browser";

  private static final Duration BROWSER_KNOWN = Duration.ofDays(180);
  private static final String NOBODY = "nobody";

  private final BlockingState state;
  private final SignIn signIn;
  private final PasswordSignIn passwords;
  private final Tokens tokens;
  private final Audit audit;
  private final Cookies cookies;
  private final Attempts refusalsWritten;
  private final Attempts allRefusalsWritten;

  SessionRoutes(
      BlockingState state,
      SignIn signIn,
      PasswordSignIn passwords,
      Tokens tokens,
      Audit audit,
      Cookies cookies,
      Clock clock) {
    this.state = state;
    this.signIn = signIn;
    this.passwords = passwords;
    this.tokens = tokens;
    this.audit = audit;
    this.cookies = cookies;
    // so that nobody pushes the acts of others out of the book
    this.refusalsWritten = new Attempts(1, Duration.ofMinutes(1), clock);
    this.allRefusalsWritten = new Attempts(30, Duration.ofMinutes(1), clock);
  }

  record Proof(
      Optional<String> code,
      Optional<String> token,
      Optional<String> name,
      Optional<String> password) {
    @Override
    public String toString() {
      return "Proof[]";
    }
  }

  /**
   * @param user its sign-in name; absent for a tenant's own session or token
   * @param hasPassword for a user
   */
  record Session(
      String tenant,
      Tenant.Kind kind,
      String name,
      Role role,
      Optional<String> user,
      Optional<Boolean> hasPassword,
      Optional<Set<String>> scopes,
      Optional<String> csrf,
      Optional<Instant> expiresAt) {}

  Session view(SignIn.Caller caller) {
    Principal principal = caller.principal();
    return new Session(
        principal.tenant(),
        principal.kind(),
        caller.name(),
        principal.role(),
        principal.user(),
        principal
            .user()
            .flatMap(id -> state.find(Kinds.USER, id))
            .map(user -> user.value().password().isPresent()),
        principal.scopes(),
        caller.csrf(),
        caller.expiresAt());
  }

  Answer signIn(Call call) {
    Proof proof = call.body(Proof.class, 4096);
    boolean byName = proof.name().isPresent() && proof.password().isPresent();
    long ways =
        Stream.of(proof.code().isPresent(), proof.token().isPresent(), byName)
            .filter(way -> way)
            .count();
    if (ways != 1 || proof.name().isPresent() != proof.password().isPresent()) {
      throw Call.refusal(
          FailureCode.MALFORMED, "one of code, token, and name with password is wanted");
    }
    return byName ? byPassword(call, proof) : byCode(call, proof);
  }

  private Answer byCode(Call call, Proof proof) {
    SignIn.Place place = place(call);
    Outcome<SignIn.Opened> opened =
        proof
            .code()
            .map(code -> signIn.withCode(code, place))
            .orElseGet(() -> signIn.withToken(proof.token().orElseThrow(), place));
    refused(opened, place, Optional.empty());
    return begun(Call.demand(opened), place);
  }

  private Answer byPassword(Call call, Proof proof) {
    SignIn.Place place = place(call);
    String name = proof.name().orElseThrow();
    Outcome<PasswordSignIn.Opened> opened =
        passwords.signIn(
            name,
            proof.password().orElseThrow(),
            Optional.ofNullable(call.ctx().cookie(BROWSER_COOKIE)),
            place);
    refused(opened, place, Optional.of(name));
    PasswordSignIn.Opened good = Call.demand(opened);
    return begun(good.session(), place).withCookie(known(good.mark()));
  }

  Answer begun(SignIn.Opened opened, SignIn.Place place) {
    BlockingState.await(
        audit.record(
            opened.caller().principal(),
            place.address(),
            "session.begin",
            opened.caller().name(),
            "ok"));
    return Answer.ok(view(opened.caller())).withCookie(session(opened));
  }

  /**
   * Writes a refusal down, now and then. A name that is no user's is not kept: it may be a password
   * in the wrong field.
   */
  void refused(Outcome<?> outcome, SignIn.Place place, Optional<String> name) {
    if (outcome.refusal().isEmpty()) {
      return;
    }
    Optional<User> user =
        name.map(text -> text.strip().toLowerCase(Locale.ROOT))
            .filter(Users::isName)
            .flatMap(id -> state.find(Kinds.USER, id))
            .map(found -> found.value());
    String target = user.map(User::id).orElse("unknown");
    String source = Network.of(place.address()) + " " + target;
    if (refusalsWritten.exhausted(source) || allRefusalsWritten.exhausted("")) {
      return;
    }
    refusalsWritten.failed(source);
    allRefusalsWritten.failed("");
    Principal nobody =
        new Principal(
            user.map(User::tenant).orElse(Tenant.PLATFORM),
            Tenant.Kind.SERVICE_PROVIDER,
            NOBODY,
            Role.VIEWER,
            Optional.empty(),
            Optional.empty());
    BlockingState.await(
        audit.record(
            nobody,
            place.address(),
            "session.begin",
            target,
            outcome.refusal().orElseThrow().code().name()));
  }

  Answer show(Call call) {
    return Answer.ok(view(call.caller()));
  }

  Answer signOut(Call call) {
    if (call.caller().csrf().isPresent()) {
      tokens.revoke(call.principal().tokenId());
    }
    return Answer.nothing().withCookie(cookies.noSession());
  }

  static SignIn.Place place(Call call) {
    return new SignIn.Place(call.ctx().ip(), call.header("User-Agent").orElse(""));
  }

  Cookie session(SignIn.Opened opened) {
    return cookies.session(opened.cookie());
  }

  Cookie known(String mark) {
    return cookies.of(BROWSER_COOKIE, mark, BROWSER_KNOWN);
  }
}
