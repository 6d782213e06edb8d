package org.firstlight.dm.api;

import java.time.Instant;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.user.UserDocument;
import org.firstlight.dm.user.Users;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.User;

/** The people of a tenant, for those who administer it. */
final class UserRoutes {
  private final Users users;

  UserRoutes(Users users) {
    this.users = users;
  }

  /**
   * @param code signs the user in once, to choose a password; shown this once
   */
  record Invitation(String user, String code, Instant expiresAt) {
    @Override
    public String toString() {
      return "Invitation[" + user + "]";
    }
  }

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(
            call.page((cursor, limit) -> users.list(call.principal(), cursor, limit)),
            UserDocument::of));
  }

  Answer get(Call call) {
    return shown(Call.demand(users.find(name(call), call.principal())));
  }

  Answer put(Call call) {
    return shown(
        Call.demand(
            users.put(
                name(call), call.body(UserDocument.class), call.principal(), call.precondition())));
  }

  Answer delete(Call call) {
    Call.demand(users.delete(name(call), call.principal(), call.precondition()));
    return Answer.nothing();
  }

  Answer invite(Call call) {
    Tokens.Issued issued = Call.demand(users.invite(name(call), call.principal(), call.ifMatch()));
    return Answer.created(
        new Invitation(name(call), issued.text(), issued.token().expiresAt().orElseThrow()));
  }

  Answer signOut(Call call) {
    Call.demand(users.signOut(name(call), call.principal()));
    return Answer.nothing();
  }

  private static String name(Call call) {
    String name = call.param("name");
    if (!Users.isName(name)) {
      throw Call.refusal(
          FailureCode.MALFORMED, "a sign-in name has 1 to 128 of a-z, 0-9 and . _ + @ -");
    }
    return name;
  }

  private static Answer shown(Stored<User> stored) {
    return Answer.ok(UserDocument.of(stored)).withVersion(stored.version());
  }
}
