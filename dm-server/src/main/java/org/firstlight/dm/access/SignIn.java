package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.BrowserSession;
import org.firstlight.fleet.tenant.Tenant;

/** Turns a one-time code or a token into a browser's session, and a request into its caller. */
public final class SignIn {
  public static final Duration SESSION_LIFETIME = Duration.ofHours(12);

  /** Type of the event that tells of a change of a user. */
  public static final String USER_CHANGED = "user.changed";

  private static final int LONGEST_BROWSER = 200;

  /** Of one user, or by one token. */
  static final int MOST_SESSIONS = 30;

  private static final Failure WRONG =
      Failure.of(
          FailureCode.UNAUTHENTICATED, "this code or token is not good: wrong, used, or too old");

  private final Tokens tokens;
  private final Holders holders;
  private final BrowserSessions sessions;
  private final Attempts attempts;
  private final Clock clock;

  public SignIn(BlockingState state, Tokens tokens, Clock clock) {
    this.tokens = tokens;
    this.holders = new Holders(state);
    this.sessions = new BrowserSessions(state, tokens, clock);
    this.attempts = new Attempts(10, Duration.ofMinutes(1), clock);
    this.clock = clock;
  }

  /**
   * Who makes a request.
   *
   * @param csrf what a write must show; empty when no cookie is in play
   * @param inPerson whether somebody signed in, and no program's token did
   */
  public record Caller(
      Principal principal,
      String name,
      Optional<String> csrf,
      Optional<Instant> expiresAt,
      boolean inPerson) {
    @Override
    public String toString() {
      return "Caller[" + principal + "]";
    }
  }

  /**
   * Where somebody signs in.
   *
   * @param address of the browser
   * @param browser what it calls itself
   */
  public record Place(String address, String browser) {
    public Place {
      browser = browser.replaceAll("\\p{Cntrl}", " ");
      browser = browser.substring(0, Math.min(browser.length(), LONGEST_BROWSER));
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

  public Outcome<Opened> withCode(String code, Place place) {
    return open(place, () -> tokens.redeem(code, ApiToken.Use.SIGN_IN));
  }

  public Outcome<Opened> withToken(String token, Place place) {
    return open(place, () -> tokens.find(token, ApiToken.Use.API));
  }

  private Outcome<Opened> open(Place place, Supplier<Optional<ApiToken>> proof) {
    String network = Network.of(place.address());
    if (!attempts.begin(network)) {
      return Outcome.refused(
          FailureCode.RATE_LIMITED, "too many failed tries from here: wait a minute");
    }
    Outcome<ApiToken> proven =
        attempts.judged(
            network,
            () ->
                proof
                    .get()
                    .filter(one -> holders.of(one).isPresent())
                    .map(Outcome::done)
                    .orElseGet(() -> Outcome.refused(WRONG)));
    if (proven.refusal().isPresent()) {
      return Outcome.refused(WRONG);
    }
    ApiToken who = proven.result().orElseThrow();
    // the session of a token does not outlive it
    Duration lifetime =
        who.use() == ApiToken.Use.API
            ? who.expiresAt()
                .map(end -> Duration.between(clock.instant(), end))
                .filter(left -> left.compareTo(SESSION_LIFETIME) < 0)
                .orElse(SESSION_LIFETIME)
            : SESSION_LIFETIME;
    return begin(
        new Tokens.Grant(
                who.tenant(),
                who.kind(),
                who.name(),
                ApiToken.Use.SESSION,
                Optional.of(lifetime),
                who.user(),
                who.scopes())
            .endingWith(
                who.use() == ApiToken.Use.API ? Optional.of(who.id()) : Optional.empty(),
                who.madeBy()),
        place);
  }

  /** A new session of a user who has proven to be it; a session from before stays as it is. */
  public Outcome<Opened> ofUser(
      String tenant, Tenant.Kind kind, String user, String name, Place place) {
    return begin(
        new Tokens.Grant(
            tenant,
            kind,
            name,
            ApiToken.Use.SESSION,
            Optional.of(SESSION_LIFETIME),
            Optional.of(user),
            Optional.empty()),
        place);
  }

  private Outcome<Opened> begin(Tokens.Grant grant, Place place) {
    tokens.sweep();
    tokens.endOldest(grant, MOST_SESSIONS - 1);
    Tokens.Issued session =
        tokens.session(
            grant,
            text ->
                new BrowserSession(
                    place.address(),
                    place.browser(),
                    clock.instant(),
                    Optional.of(text.csrf()),
                    Optional.empty()));
    return ofSession(session.token(), session.csrf())
        .map(caller -> Outcome.done(new Opened(caller, session.text())))
        .orElseGet(() -> Outcome.refused(WRONG));
  }

  /** The caller behind an {@code Authorization: Bearer} token. */
  public Optional<Caller> byToken(String token) {
    return tokens
        .find(token, ApiToken.Use.API)
        .flatMap(
            found ->
                holders
                    .of(found)
                    .map(
                        who ->
                            new Caller(
                                who, found.name(), Optional.empty(), found.expiresAt(), false)));
  }

  /**
   * A session in use.
   *
   * @param cookie the token text that the browser is to have from now on, if it came with another
   */
  public record Used(Caller caller, Optional<String> cookie) {
    @Override
    public String toString() {
      return "Used[" + caller.principal() + "]";
    }
  }

  /** The session behind a cookie. */
  public Optional<Used> byCookie(String cookie) {
    return sessions
        .admit(cookie)
        .flatMap(
            found ->
                ofSession(found.token(), found.csrf())
                    .map(caller -> new Used(caller, found.cookie())));
  }

  private Optional<Caller> ofSession(ApiToken session, String csrf) {
    return holders
        .of(session)
        .map(
            who ->
                new Caller(
                    who,
                    session.name(),
                    Optional.of(csrf),
                    session.expiresAt(),
                    session.openedBy().isEmpty()));
  }

  /** Whether what let this principal in is good still, and its role is as it was. */
  public boolean isGood(Principal principal) {
    return tokens
        .byId(principal.tokenId())
        .flatMap(holders::of)
        .filter(principal::equals)
        .isPresent();
  }

  /** Whether this event may have ended what let the principal in. */
  public static boolean mayEnd(FleetEvent event, Principal principal) {
    Optional<String> id = Optional.ofNullable(event.details().get("id"));
    return switch (event.type()) {
      case Tokens.ENDED -> id.filter(principal.tokenId()::equals).isPresent();
      case USER_CHANGED -> id.isPresent() && id.equals(principal.user());
      default -> false;
    };
  }
}
