package org.firstlight.dm.access;

import java.util.Optional;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.User;

/**
 * Who a token stands for now. A user's token is worth what its user is at this moment: it is read
 * from state at each request, and so are its tenant and what it ends with: what is taken away is
 * gone on every node at once.
 */
final class Holders {
  private final BlockingState state;

  Holders(BlockingState state) {
    this.state = state;
  }

  /** Empty if the user whose token it was is gone, disabled, or has had it end. */
  Optional<Principal> of(ApiToken token) {
    if (!isItsTenantThere(token) || !isWhatItEndsWithThere(token)) {
      return Optional.empty();
    }
    if (token.user().isEmpty()) {
      return Optional.of(
          new Principal(
              token.tenant(),
              token.kind(),
              token.id(),
              Role.ADMINISTRATOR,
              Optional.empty(),
              token.scopes()));
    }
    return state
        .find(Kinds.USER, token.user().get())
        .map(Stored::value)
        .filter(user -> isGood(token, user))
        .map(
            user ->
                new Principal(
                    token.tenant(),
                    token.kind(),
                    token.id(),
                    user.role(),
                    token.user(),
                    token.scopes()));
  }

  private boolean isItsTenantThere(ApiToken token) {
    return state
        .find(Kinds.TENANT, token.tenant())
        .filter(tenant -> tenant.value().kind() == token.kind())
        .isPresent();
  }

  private boolean isWhatItEndsWithThere(ApiToken token) {
    boolean opener =
        token.openedBy().isEmpty() || state.find(Kinds.TOKEN, token.openedBy().get()).isPresent();
    boolean maker =
        token.madeBy().isEmpty()
            || state
                .find(Kinds.USER, token.madeBy().get())
                .map(Stored::value)
                .filter(user -> user.state() == User.State.ACTIVE)
                .filter(user -> user.role() == Role.ADMINISTRATOR)
                .filter(user -> !token.createdAt().isBefore(user.createdAt()))
                .isPresent();
    return opener && maker;
  }

  private static boolean isGood(ApiToken token, User user) {
    boolean ended =
        token.use() != ApiToken.Use.API && token.createdAt().isBefore(user.sessionsFrom());
    return user.state() == User.State.ACTIVE
        && user.tenant().equals(token.tenant())
        && !token.createdAt().isBefore(user.createdAt())
        && !ended;
  }
}
