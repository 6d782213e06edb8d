package org.firstlight.dm.oidc;

import java.time.Clock;
import java.util.Optional;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.user.Users;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;

/**
 * Lets in a user whom the provider knows by the e-mail address that is its sign-in name here.
 * Nobody becomes a user by the provider's word. The first time binds the user to the provider's
 * subject: an address that the provider gives to another person later lets that one in nowhere.
 */
public final class OidcSignIn {
  private final BlockingState state;
  private final Users users;
  private final SignIn signIn;
  private final Clock clock;

  public OidcSignIn(BlockingState state, Users users, SignIn signIn, Clock clock) {
    this.state = state;
    this.users = users;
    this.signIn = signIn;
    this.clock = clock;
  }

  public Outcome<SignIn.Opened> signIn(OpenIdProvider.Person person, SignIn.Place place) {
    Optional<User> user =
        person
            .email()
            .filter(Users::isName)
            .flatMap(id -> users.edit(id, "signed-in", one -> admitted(one, person)))
            .filter(one -> one.state() == User.State.ACTIVE);
    if (user.isEmpty()) {
      return Outcome.refused(FailureCode.UNAUTHENTICATED, "nobody here is known by that address");
    }
    return state
        .find(Kinds.TENANT, user.get().tenant())
        .map(Stored::value)
        .map(Tenant::kind)
        .map(
            kind ->
                signIn.ofUser(
                    user.get().tenant(), kind, user.get().id(), user.get().displayName(), place))
        .orElseGet(() -> Outcome.refused(FailureCode.UNAUTHENTICATED, "its tenant is gone"));
  }

  private Optional<User> admitted(User one, OpenIdProvider.Person person) {
    boolean same = one.subject().filter(known -> !known.equals(person.subject())).isEmpty();
    return same && one.state() == User.State.ACTIVE
        ? Optional.of(
            new User(
                one.id(),
                one.tenant(),
                one.displayName(),
                one.role(),
                one.state(),
                one.password(),
                one.knownBrowsers(),
                one.createdAt(),
                one.sessionsFrom(),
                Optional.of(clock.instant()),
                Optional.of(person.subject())))
        : Optional.empty();
  }
}
