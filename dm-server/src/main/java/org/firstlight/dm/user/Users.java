package org.firstlight.dm.user;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.inventory.Documents;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;

/**
 * The people of the tenants that one administers. What a user loses, its tokens and sessions lose
 * with it: they are judged by this record at each request.
 */
public final class Users {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._+@-]{0,127}");
  private static final int MOST_OF_A_TENANT = 1_000;
  private static final Duration INVITATION = Duration.ofDays(3);

  private final BlockingState state;
  private final Documents documents;
  private final Tokens tokens;
  private final Clock clock;

  public Users(BlockingState state, Tokens tokens, Clock clock) {
    this.state = state;
    this.documents = new Documents(state, clock);
    this.tokens = tokens;
    this.clock = clock;
  }

  /** Whether it may be the name that somebody signs in with. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  public Page<User> list(Principal by, Optional<String> cursor, int limit) {
    return state.list(Kinds.USER, cursor, limit, user -> by.administers(user.tenant()));
  }

  public Outcome<Stored<User>> find(String id, Principal by) {
    return state
        .find(Kinds.USER, id)
        .filter(found -> by.administers(found.value().tenant()))
        .map(Outcome::done)
        .orElseGet(() -> Outcome.refused(FailureCode.NOT_FOUND, "there is no such user"));
  }

  /** Makes a user, or changes the version that the editor has seen. */
  public Outcome<Stored<User>> put(
      String id, UserDocument document, Principal by, Documents.Precondition precondition) {
    if (!isName(id)) {
      return refused("a sign-in name has 1 to 128 of a-z, 0-9 and . _ + @ -");
    }
    Optional<Stored<User>> found = state.find(Kinds.USER, id);
    Optional<User> before = found.map(Stored::value);
    if (before.filter(user -> !by.administers(user.tenant())).isPresent()) {
      return Outcome.refused(FailureCode.CONFLICT, "this name is taken");
    }
    return checked(id, document, by, before)
        .then(
            user ->
                documents.put(
                    Kinds.USER,
                    "user",
                    id,
                    user,
                    Optional.of(user.tenant()),
                    found.map(Stored::version).orElse(0L),
                    precondition));
  }

  private Outcome<User> checked(
      String id, UserDocument document, Principal by, Optional<User> before) {
    String tenant = document.tenant().or(() -> before.map(User::tenant)).orElse(by.tenant());
    if (!by.administers(tenant)) {
      return Outcome.refused(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    if (before.filter(was -> !was.tenant().equals(tenant)).isPresent()) {
      return refused("tenant: never changes");
    }
    if (state.find(Kinds.TENANT, tenant).isEmpty()) {
      return refused("tenant: is not known");
    }
    Optional<String> unreadable = Texts.name("displayName", document.displayName());
    if (unreadable.isPresent()) {
      return refused(unreadable.get());
    }
    if (before.isEmpty()
        && state.listAll(Kinds.USER, one -> one.tenant().equals(tenant)).size()
            >= MOST_OF_A_TENANT) {
      return Outcome.refused(
          FailureCode.CONFLICT,
          "the tenant has %d users, the most there may be".formatted(MOST_OF_A_TENANT));
    }
    User.State wanted = document.state().orElse(User.State.ACTIVE);
    Instant now = clock.instant();
    if (before.isEmpty()) {
      return Outcome.done(
          new User(
              id,
              tenant,
              document.displayName(),
              document.role(),
              wanted,
              Optional.empty(),
              List.of(),
              now,
              now,
              Optional.empty(),
              Optional.empty()));
    }
    User was = before.get();
    boolean power = was.role() != document.role() || was.state() != wanted;
    // so that one who administers the tenant is always left
    if (power && by.user().filter(id::equals).isPresent()) {
      return Outcome.refused(FailureCode.CONFLICT, "nobody changes its own role or state");
    }
    return Outcome.done(
        new User(
            id,
            tenant,
            document.displayName(),
            document.role(),
            wanted,
            was.password(),
            was.knownBrowsers(),
            was.createdAt(),
            power ? now : was.sessionsFrom(),
            was.lastSignIn(),
            was.subject()));
  }

  /** Deletes a user with all its tokens and sessions. */
  public Outcome<Boolean> delete(String id, Principal by, Documents.Precondition precondition) {
    if (by.user().filter(id::equals).isPresent()) {
      return Outcome.refused(FailureCode.CONFLICT, "nobody deletes itself");
    }
    Outcome<Boolean> deleted =
        find(id, by)
            .then(
                found ->
                    documents.delete(
                        Kinds.USER, "user", id, Optional.of(found.value().tenant()), precondition));
    if (deleted.result().isPresent()) {
      tokens.revokeOf(id, token -> true);
    }
    return deleted;
  }

  /**
   * A code that signs the user in once, to choose a password. The one that it had is good no
   * longer, whom the OpenID provider called by this name may be another, and all sessions end.
   */
  public Outcome<Tokens.Issued> invite(String id, Principal by, IfMatch ifMatch) {
    Outcome<Stored<User>> found = find(id, by);
    if (found.result().isEmpty()) {
      return Outcome.refused(found.refusal().orElseThrow());
    }
    if (by.user().filter(id::equals).isPresent()) {
      return Outcome.refused(FailureCode.CONFLICT, "nobody invites itself: change your password");
    }
    var other = ifMatch.refuse(found.result().get().version());
    if (other.isPresent()) {
      return Outcome.refused(other.get());
    }
    Optional<User> reset = edit(id, "invited", one -> Optional.of(withoutPassword(one)));
    Optional<Tenant> tenant =
        reset.flatMap(user -> state.find(Kinds.TENANT, user.tenant())).map(Stored::value);
    if (tenant.isEmpty()) {
      return Outcome.refused(FailureCode.NOT_FOUND, "there is no such user");
    }
    endSessions(id);
    return Outcome.done(
        tokens.issue(
            new Tokens.Grant(
                tenant.get().id(),
                tenant.get().kind(),
                reset.get().displayName(),
                ApiToken.Use.SIGN_IN,
                Optional.of(INVITATION),
                Optional.of(id),
                Optional.empty())));
  }

  private User withoutPassword(User one) {
    return new User(
        one.id(),
        one.tenant(),
        one.displayName(),
        one.role(),
        one.state(),
        Optional.empty(),
        List.of(),
        one.createdAt(),
        clock.instant(),
        one.lastSignIn(),
        Optional.empty());
  }

  /** Ends every session of a user, on all nodes. */
  public Outcome<Boolean> signOut(String id, Principal by) {
    return find(id, by)
        .map(
            found -> {
              endSessions(id);
              return true;
            });
  }

  void endSessions(String id) {
    Instant now = clock.instant();
    tokens.revokeOf(
        id, token -> token.use() != ApiToken.Use.API && !token.createdAt().isAfter(now));
  }

  /** Deletes all users of a tenant that is gone. */
  public void deleteAll(String tenant) {
    state
        .listAll(Kinds.USER, user -> user.tenant().equals(tenant))
        .forEach(
            user ->
                documents.delete(
                    Kinds.USER,
                    "user",
                    user.id(),
                    Optional.of(tenant),
                    Documents.Precondition.NONE));
  }

  /**
   * @return the user as it is then; empty if there is none or the edit was not made
   */
  public Optional<User> edit(String id, String change, Function<User, Optional<User>> edit) {
    boolean[] made = new boolean[1];
    Optional<Stored<User>> now =
        state.edit(
            Kinds.USER,
            id,
            id,
            found -> {
              Optional<User> edited = edit.apply(found.value());
              made[0] = edited.isPresent();
              return edited.map(
                  user ->
                      Change.in(id)
                          .put(Kinds.USER, id, found.version(), user)
                          .event(
                              new FleetEvent(
                                  clock.instant(),
                                  SignIn.USER_CHANGED,
                                  Optional.empty(),
                                  Optional.of(user.tenant()),
                                  Map.of("id", id, "change", change)))
                          .build());
            });
    return made[0] ? now.map(Stored::value) : Optional.empty();
  }

  private static <T> Outcome<T> refused(String why) {
    return Outcome.refused(FailureCode.MALFORMED, why);
  }
}
