package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.BrowserSession;

/** When sessions were last used; one that nobody uses ends. */
final class SessionUse {
  static final Duration IDLE = Duration.ofHours(4);
  private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private final BlockingState state;
  private final Tokens tokens;
  private final Clock clock;

  SessionUse(BlockingState state, Tokens tokens, Clock clock) {
    this.state = state;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Whether the session may still be used; it counts as used now. */
  boolean admits(ApiToken session) {
    Optional<Stored<BrowserSession>> found = state.find(Kinds.BROWSER_SESSION, session.id());
    if (found.isEmpty()) {
      // began under an earlier release
      return true;
    }
    Instant now = clock.instant();
    BrowserSession before = found.get().value();
    if (before.lastUsed().plus(IDLE).isBefore(now)) {
      tokens.revoke(session.id());
      return false;
    }
    if (before.lastUsed().plus(NOTED_EVERY).isBefore(now)) {
      BrowserSession used = new BrowserSession(before.address(), before.browser(), now);
      // one of many requests at once notes it: the others lose, and that is as good
      state.commit(
          Change.in(session.id())
              .put(Kinds.BROWSER_SESSION, session.id(), found.get().version(), used)
              .build());
    }
    return true;
  }
}
