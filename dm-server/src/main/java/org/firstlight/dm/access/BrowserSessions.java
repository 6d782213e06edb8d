package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.BrowserSession;
import org.firstlight.fleet.tenant.BrowserSession.Renewal;

/**
 * Sessions in use: one that nobody uses ends, and the cookie of one that is used is changed now and
 * then. The secret before is good until a minute after the browser has come with the new one, since
 * requests cross and answers are lost; whoever brings it later has a copy, and the session ends.
 */
final class BrowserSessions {
  static final Duration IDLE = Duration.ofHours(4);
  static final Duration RENEWED_EVERY = Duration.ofMinutes(30);
  static final Duration CROSSING = Duration.ofMinutes(1);
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private final BlockingState state;
  private final Tokens tokens;
  private final Clock clock;

  BrowserSessions(BlockingState state, Tokens tokens, Clock clock) {
    this.state = state;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * A session that may be used.
   *
   * @param csrf what a write has to show
   * @param cookie what the browser is to come with from now on, if it came with another
   */
  record Admitted(ApiToken token, String csrf, Optional<String> cookie) {}

  /** The session that this cookie is, if it may be used still; it counts as used now. */
  Optional<Admitted> admit(String cookie) {
    Optional<TokenText> given = TokenText.parse(cookie);
    // of many requests at once one changes the cookie: the others look again and find it changed
    for (int i = 0; i < 3 && given.isPresent(); i++) {
      Optional<Stored<ApiToken>> token = session(given.get());
      if (token.isEmpty()) {
        return Optional.empty();
      }
      Optional<Stored<BrowserSession>> use = state.find(Kinds.BROWSER_SESSION, token.get().id());
      if (use.isEmpty()) {
        // began under an earlier release
        return given
            .filter(text -> text.opens(token.get().value().secretSha256()))
            .map(text -> new Admitted(token.get().value(), text.csrf(), Optional.empty()));
      }
      Look look = new Look(given.get(), token.get(), use.get());
      Optional<Admitted> admitted = look.admit();
      if (!look.outdated) {
        return admitted;
      }
    }
    return Optional.empty();
  }

  private Optional<Stored<ApiToken>> session(TokenText given) {
    return state
        .find(Kinds.TOKEN, given.id())
        .filter(token -> token.value().use() == ApiToken.Use.SESSION)
        .filter(token -> !tokens.hasEnded(token.value()));
  }

  /** One look at the records as they are. */
  private final class Look {
    private final TokenText given;
    private final Stored<ApiToken> token;
    private final Stored<BrowserSession> use;
    private final Instant now = clock.instant();
    private boolean outdated;

    Look(TokenText given, Stored<ApiToken> token, Stored<BrowserSession> use) {
      this.given = given;
      this.token = token;
      this.use = use;
    }

    Optional<Admitted> admit() {
      BrowserSession before = use.value();
      boolean current = given.opens(token.value().secretSha256());
      Optional<Renewal> replaced =
          before.renewal().filter(renewal -> given.opens(renewal.replacedSha256()));
      if (!current && replaced.isEmpty()) {
        return Optional.empty();
      }
      if (current && replaced.isPresent()) {
        // the cookie was changed between the two reads
        outdated = true;
        return Optional.empty();
      }
      if (before.lastUsed().plus(IDLE).isBefore(now)
          || !current && isCopy(replaced.orElseThrow())) {
        tokens.revoke(token.id());
        return Optional.empty();
      }
      if (!current) {
        return admitted(Optional.of(given.renewed(replaced.orElseThrow().salt()).text()));
      }
      Instant since = before.renewal().map(Renewal::at).orElse(token.value().createdAt());
      return since.plus(RENEWED_EVERY).isBefore(now) ? renew(before) : noted(before);
    }

    private boolean isCopy(Renewal renewal) {
      return renewal.seenAt().filter(seen -> seen.plus(CROSSING).isBefore(now)).isPresent();
    }

    private Optional<Admitted> renew(BrowserSession before) {
      String salt = TokenText.randomSalt();
      TokenText next = given.renewed(salt);
      Renewal renewal = new Renewal(now, given.secretSha256(), salt, Optional.empty());
      ApiToken renewed = token.value().withSecret(next.secretSha256());
      outdated =
          state.commit(
                  Change.in(token.id())
                      .put(Kinds.TOKEN, token.id(), token.version(), renewed)
                      .put(
                          Kinds.BROWSER_SESSION,
                          token.id(),
                          use.version(),
                          used(before, Optional.of(renewal)))
                      .build())
              instanceof CommitOutcome.Conflict;
      return admitted(Optional.of(next.text()));
    }

    private Optional<Admitted> noted(BrowserSession before) {
      boolean unseen = before.renewal().filter(one -> one.seenAt().isEmpty()).isPresent();
      if (unseen || before.lastUsed().plus(NOTED_EVERY).isBefore(now)) {
        Optional<Renewal> renewal =
            before
                .renewal()
                .map(
                    one ->
                        new Renewal(
                            one.at(),
                            one.replacedSha256(),
                            one.salt(),
                            one.seenAt().or(() -> Optional.of(now))));
        // one of many requests at once notes it: the others lose, and that is as good
        state.commit(
            Change.in(token.id())
                .put(Kinds.BROWSER_SESSION, token.id(), use.version(), used(before, renewal))
                .build());
      }
      return admitted(Optional.empty());
    }

    private BrowserSession used(BrowserSession before, Optional<Renewal> renewal) {
      return new BrowserSession(
          before.address(), before.browser(), now, Optional.of(csrf()), renewal);
    }

    private String csrf() {
      return use.value().csrf().orElseGet(given::csrf);
    }

    private Optional<Admitted> admitted(Optional<String> cookie) {
      return Optional.of(new Admitted(token.value(), csrf(), cookie));
    }
  }
}
