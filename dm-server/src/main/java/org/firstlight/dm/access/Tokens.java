package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.Tenant;

/** Makes, knows and ends what lets programs and browsers in. */
public final class Tokens {
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
   */
  public record Issued(ApiToken token, String text) {
    @Override
    public String toString() {
      return "Issued[" + token.id() + "]";
    }
  }

  /** How many tokens and one-time codes a tenant has that have not ended; sessions do not count. */
  public int count(String tenant) {
    return state
        .listAll(
            Kinds.TOKEN,
            token ->
                token.tenant().equals(tenant)
                    && token.use() != ApiToken.Use.SESSION
                    && !hasEnded(token))
        .size();
  }

  public Issued issue(
      String tenant, Tenant.Kind kind, String name, ApiToken.Use use, Optional<Duration> lifetime) {
    TokenText text = TokenText.random();
    ApiToken token =
        new ApiToken(
            text.id(),
            text.secretSha256(),
            tenant,
            kind,
            name,
            use,
            clock.instant(),
            lifetime.map(clock.instant()::plus),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Change change = Change.in(token.id()).put(Kinds.TOKEN, token.id(), 0, token).build();
    if (state.commit(change) instanceof CommitOutcome.Conflict) {
      throw new IllegalStateException("a random token id was there already");
    }
    return new Issued(token, text.text());
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

  /** The token with this public id, if this principal may know of it. */
  public Optional<Stored<ApiToken>> findById(String id, Principal principal) {
    return state.find(Kinds.TOKEN, id).filter(token -> isOf(token.value(), principal));
  }

  public Page<ApiToken> list(Principal principal, Optional<String> cursor, int limit) {
    return state.list(Kinds.TOKEN, cursor, limit, token -> isOf(token, principal));
  }

  private static boolean isOf(ApiToken token, Principal principal) {
    return principal.isAdministrator() || token.tenant().equals(principal.tenant());
  }

  public void revoke(String id) {
    state.commit(Change.in(id).delete(Kinds.TOKEN, id, Change.ANY_VERSION).build());
  }

  /** Ends the token in this version; false if somebody else was faster. */
  public boolean revoke(Stored<ApiToken> token) {
    return state.commit(
            Change.in(token.id()).delete(Kinds.TOKEN, token.id(), token.version()).build())
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

  /** Ends every token of a tenant. */
  public void revokeAll(String tenant) {
    state
        .listAll(Kinds.TOKEN, token -> token.tenant().equals(tenant))
        .forEach(token -> revoke(token.id()));
  }
}
