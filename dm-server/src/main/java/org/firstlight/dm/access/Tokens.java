package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.BrowserSession;
import org.firstlight.fleet.tenant.Tenant;

/** Makes, knows and ends what lets programs and browsers in. */
public final class Tokens {
  /** Type of the event that tells of the end of a token or a session. */
  public static final String ENDED = "token.ended";

  private final BlockingState state;
  private final Clock clock;

  public Tokens(BlockingState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /**
   * A new token; nobody can read its text again.
   *
   * @param text for its holder alone
   * @param csrf what a page shows with a write, where it is a session's
   */
  public record Issued(ApiToken token, String text, String csrf) {
    @Override
    public String toString() {
      return "Issued[" + token.id() + "]";
    }
  }

  /**
   * How many tokens and one-time codes a tenant itself or one of its users has that have not ended;
   * sessions do not count.
   */
  public int count(String tenant, Optional<String> user) {
    return state
        .listAll(
            Kinds.TOKEN,
            token ->
                token.tenant().equals(tenant)
                    && token.user().equals(user)
                    && token.use() != ApiToken.Use.SESSION
                    && !hasEnded(token))
        .size();
  }

  /**
   * What a new token is to be.
   *
   * @param user whose it is; empty for the tenant's own
   * @param scopes what it is narrowed to; empty for all
   */
  public record Grant(
      String tenant,
      Tenant.Kind kind,
      String name,
      ApiToken.Use use,
      Optional<Duration> lifetime,
      Optional<String> user,
      Optional<Set<String>> scopes,
      Optional<String> openedBy,
      Optional<String> madeBy) {
    public Grant(
        String tenant,
        Tenant.Kind kind,
        String name,
        ApiToken.Use use,
        Optional<Duration> lifetime,
        Optional<String> user,
        Optional<Set<String>> scopes) {
      this(tenant, kind, name, use, lifetime, user, scopes, Optional.empty(), Optional.empty());
    }

    /** The same, good no longer than this token and this user are. */
    public Grant endingWith(Optional<String> token, Optional<String> maker) {
      return new Grant(tenant, kind, name, use, lifetime, user, scopes, token, maker);
    }
  }

  /** A tenant's own, with all that its kind may. */
  public Issued issue(
      String tenant, Tenant.Kind kind, String name, ApiToken.Use use, Optional<Duration> lifetime) {
    return issue(new Grant(tenant, kind, name, use, lifetime, Optional.empty(), Optional.empty()));
  }

  public Issued issue(Grant grant) {
    return issue(grant, text -> Optional.empty());
  }

  /**
   * @param browser where it is used
   */
  Issued session(Grant grant, Function<TokenText, BrowserSession> browser) {
    return issue(grant, text -> Optional.of(browser.apply(text)));
  }

  private Issued issue(Grant grant, Function<TokenText, Optional<BrowserSession>> browser) {
    TokenText text = TokenText.random();
    ApiToken token =
        new ApiToken(
            text.id(),
            text.secretSha256(),
            grant.tenant(),
            grant.kind(),
            grant.name(),
            grant.use(),
            clock.instant(),
            grant.lifetime().map(clock.instant()::plus),
            grant.user(),
            grant.scopes(),
            grant.openedBy(),
            grant.madeBy());
    Change.Builder change = Change.in(token.id()).put(Kinds.TOKEN, token.id(), 0, token);
    browser.apply(text).ifPresent(where -> change.put(Kinds.BROWSER_SESSION, token.id(), 0, where));
    if (state.commit(change.build()) instanceof CommitOutcome.Conflict) {
      throw new IllegalStateException("a random token id was there already");
    }
    return new Issued(token, text.text(), text.csrf());
  }

  /** The token that this text is, if it is of this use and has not ended. */
  public Optional<ApiToken> find(String text, ApiToken.Use use) {
    return stored(text, use).map(Stored::value);
  }

  /** As {@link #find}, and the token is gone: of two who try at once, one gets it. */
  public Optional<ApiToken> redeem(String text, ApiToken.Use use) {
    return stored(text, use)
        .filter(
            found ->
                state.commit(
                        Change.in(found.id())
                            .delete(Kinds.TOKEN, found.id(), found.version())
                            .build())
                    instanceof CommitOutcome.Committed)
        .map(Stored::value);
  }

  private Optional<Stored<ApiToken>> stored(String text, ApiToken.Use use) {
    return TokenText.parse(text)
        .flatMap(
            given ->
                state
                    .find(Kinds.TOKEN, given.id())
                    .filter(found -> given.opens(found.value().secretSha256())))
        .filter(found -> found.value().use() == use)
        .filter(found -> !hasEnded(found.value()));
  }

  /** The token with this public id, if it has not ended. */
  Optional<ApiToken> byId(String id) {
    return state.find(Kinds.TOKEN, id).map(Stored::value).filter(token -> !hasEnded(token));
  }

  /** The token with this public id, if this principal may know of it. */
  public Optional<Stored<ApiToken>> findById(String id, Principal principal) {
    return state.find(Kinds.TOKEN, id).filter(token -> isOf(token.value(), principal));
  }

  /** Those that this principal may know of, and that pass the filter. */
  public Page<ApiToken> list(
      Principal principal, Optional<String> cursor, int limit, Predicate<ApiToken> which) {
    return state.list(
        Kinds.TOKEN, cursor, limit, token -> isOf(token, principal) && which.test(token));
  }

  /** A user's own, or of a tenant that one administers. */
  private static boolean isOf(ApiToken token, Principal principal) {
    boolean own = principal.user().isPresent() && token.user().equals(principal.user());
    return own || principal.administers(token.tenant());
  }

  /** Ends it in whatever version it is: a cookie that is changed at this moment saves nobody. */
  public void revoke(String id) {
    state.find(Kinds.TOKEN, id).ifPresent(token -> revoke(token.value(), Change.ANY_VERSION));
  }

  /** Ends the token in this version; false if somebody else was faster. */
  public boolean revoke(Stored<ApiToken> token) {
    return revoke(token.value(), token.version());
  }

  private boolean revoke(ApiToken token, long version) {
    return state.commit(
            Change.in(token.id())
                .delete(Kinds.TOKEN, token.id(), version)
                .delete(Kinds.BROWSER_SESSION, token.id(), Change.ANY_VERSION)
                .event(ended(token))
                .build())
        instanceof CommitOutcome.Committed;
  }

  /** Forgets what has ended by itself. */
  public void sweep() {
    state.listAll(Kinds.TOKEN, this::hasEnded).forEach(token -> revoke(token.id()));
  }

  /** Whether its time is over. */
  boolean hasEnded(ApiToken token) {
    return token.expiresAt().filter(end -> !clock.instant().isBefore(end)).isPresent();
  }

  /**
   * Ends the oldest sessions of the same holder, but for so many: a script that signs in over and
   * over fills nothing.
   */
  void endOldest(Grant grant, int kept) {
    state
        .listAll(
            Kinds.TOKEN,
            token ->
                token.use() == ApiToken.Use.SESSION
                    && token.tenant().equals(grant.tenant())
                    && token.user().equals(grant.user())
                    && token.openedBy().equals(grant.openedBy()))
        .stream()
        .sorted(Comparator.comparing((Stored<ApiToken> one) -> one.value().createdAt()).reversed())
        .skip(kept)
        .forEach(one -> revoke(one.id()));
  }

  /** What ends streams that this token opened, on every node. */
  private FleetEvent ended(ApiToken token) {
    return new FleetEvent(
        clock.instant(),
        ENDED,
        Optional.empty(),
        Optional.of(token.tenant()),
        Map.of("id", token.id()));
  }

  /** Ends the tokens and sessions of a user that pass the filter. */
  public void revokeOf(String user, Predicate<ApiToken> which) {
    state
        .listAll(Kinds.TOKEN, token -> token.user().equals(Optional.of(user)) && which.test(token))
        .forEach(token -> revoke(token.id()));
  }

  /** Ends every token of a tenant. */
  public void revokeAll(String tenant) {
    state
        .listAll(Kinds.TOKEN, token -> token.tenant().equals(tenant))
        .forEach(token -> revoke(token.id()));
  }
}
