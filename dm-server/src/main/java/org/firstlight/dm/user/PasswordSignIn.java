package org.firstlight.dm.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.firstlight.dm.access.SignIn;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;

/** Lets a user in by name and password, and changes the password. */
public final class PasswordSignIn {
  private static final int MOST_BROWSERS = 10;
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final Failure WRONG =
      Failure.of(FailureCode.UNAUTHENTICATED, "the name or the password is wrong");

  private final BlockingState state;
  private final Users users;
  private final SignIn signIn;
  private final Passwords passwords;
  private final LockOut lockOut;
  private final Clock clock;

  public PasswordSignIn(BlockingState state, Users users, SignIn signIn, Clock clock) {
    this.state = state;
    this.users = users;
    this.signIn = signIn;
    this.passwords = new Passwords();
    this.lockOut = new LockOut(clock);
    this.clock = clock;
  }

  /**
   * A session, and what marks its browser as one that has signed in to this account.
   *
   * @param mark for the browser alone, for long; the account's until its password changes
   */
  public record Opened(SignIn.Opened session, String mark) {
    @Override
    public String toString() {
      return "Opened[" + session + "]";
    }
  }

  /**
   * @param mark what the browser shows from an earlier sign-in
   */
  public Outcome<Opened> signIn(
      String name, String password, Optional<String> mark, SignIn.Place place) {
    String id = name.strip().toLowerCase(Locale.ROOT);
    Optional<User> user =
        Users.isName(id) ? state.find(Kinds.USER, id).map(Stored::value) : Optional.empty();
    Optional<String> known =
        mark.map(PasswordSignIn::sha256)
            .filter(hash -> user.filter(one -> one.knownBrowsers().contains(hash)).isPresent());
    LockOut.Try attempt = new LockOut.Try(shortened(id), place.address(), known);
    Optional<Failure> slow = lockOut.begin(attempt);
    if (slow.isPresent()) {
      return Outcome.refused(slow.get());
    }
    return looked(attempt, passwords.matches(password, user.flatMap(User::password)))
        .then(
            good -> {
              if (!good || user.filter(one -> one.state() == User.State.ACTIVE).isEmpty()) {
                return Outcome.refused(WRONG);
              }
              lockOut.succeeded(attempt);
              return begin(
                  user.get(), password, known.isPresent() ? mark : Optional.empty(), place);
            });
  }

  /** A server that was too busy to look has not found it wrong. */
  private Outcome<Boolean> looked(LockOut.Try attempt, Outcome<Boolean> matched) {
    if (matched.refusal().isPresent()) {
      lockOut.undo(attempt);
    }
    return matched;
  }

  private Outcome<Opened> begin(
      User user, String password, Optional<String> knownMark, SignIn.Place place) {
    String mark = knownMark.orElseGet(PasswordSignIn::newMark);
    String checked = user.password().orElseThrow();
    Optional<String> stronger =
        Passwords.isWeak(checked) ? passwords.hash(password).result() : Optional.empty();
    Optional<User> now =
        users.edit(
            user.id(),
            "signed-in",
            one ->
                // changed in this very moment: then it was the old one
                one.password().equals(Optional.of(checked))
                    ? Optional.of(
                        new User(
                            one.id(),
                            one.tenant(),
                            one.displayName(),
                            one.role(),
                            one.state(),
                            stronger.or(one::password),
                            remembering(one.knownBrowsers(), sha256(mark)),
                            one.createdAt(),
                            one.sessionsFrom(),
                            Optional.of(clock.instant()),
                            one.subject()))
                    : Optional.empty());
    return now.flatMap(one -> open(one, place))
        .map(session -> Outcome.done(new Opened(session, mark)))
        .orElseGet(() -> Outcome.refused(WRONG));
  }

  private Optional<SignIn.Opened> open(User user, SignIn.Place place) {
    Optional<Tenant.Kind> kind =
        state.find(Kinds.TENANT, user.tenant()).map(of -> of.value().kind());
    return kind.flatMap(
        of -> signIn.ofUser(user.tenant(), of, user.id(), user.displayName(), place).result());
  }

  /**
   * Sets the password of the one who asks. All its sessions end, and this browser gets a new one.
   *
   * @param old asked for if it has one
   */
  public Outcome<Opened> change(
      String id, Optional<String> old, String password, SignIn.Place place) {
    Optional<User> found = state.find(Kinds.USER, id).map(Stored::value);
    if (found.isEmpty()) {
      return Outcome.refused(WRONG);
    }
    Optional<String> stored = found.get().password();
    return Passwords.refuse(password, id)
        .<Outcome<Boolean>>map(why -> Outcome.refused(FailureCode.MALFORMED, why))
        .orElseGet(() -> proven(id, old, stored, place))
        .then(good -> passwords.hash(password))
        .then(hash -> changed(id, stored, hash, place));
  }

  private Outcome<Boolean> proven(
      String id, Optional<String> old, Optional<String> stored, SignIn.Place place) {
    if (stored.isEmpty()) {
      return Outcome.done(true);
    }
    if (old.isEmpty()) {
      return Outcome.refused(FailureCode.MALFORMED, "oldPassword: is needed");
    }
    // who is signed in guesses no more often than a browser that is known
    LockOut.Try attempt = new LockOut.Try(id, place.address(), Optional.of("signed in"));
    Optional<Failure> slow = lockOut.begin(attempt);
    if (slow.isPresent()) {
      return Outcome.refused(slow.get());
    }
    return looked(attempt, passwords.matches(old.get(), stored))
        .then(
            good -> {
              if (!good) {
                return Outcome.refused(FailureCode.FORBIDDEN, "oldPassword: is wrong");
              }
              lockOut.succeeded(attempt);
              return Outcome.done(true);
            });
  }

  private Outcome<Opened> changed(
      String id, Optional<String> before, String hash, SignIn.Place place) {
    String mark = newMark();
    Optional<User> now =
        users.edit(
            id,
            "password",
            one ->
                one.password().equals(before)
                    ? Optional.of(
                        new User(
                            one.id(),
                            one.tenant(),
                            one.displayName(),
                            one.role(),
                            one.state(),
                            Optional.of(hash),
                            List.of(sha256(mark)),
                            one.createdAt(),
                            clock.instant(),
                            Optional.of(clock.instant()),
                            one.subject()))
                    : Optional.empty());
    users.endSessions(id);
    return now.flatMap(one -> open(one, place))
        .map(session -> Outcome.done(new Opened(session, mark)))
        .orElseGet(
            () -> Outcome.refused(FailureCode.CONFLICT, "the password was changed meanwhile"));
  }

  private static List<String> remembering(List<String> known, String hash) {
    List<String> all = new ArrayList<>(known);
    all.remove(hash);
    all.add(hash);
    return all.subList(Math.max(0, all.size() - MOST_BROWSERS), all.size());
  }

  private static String newMark() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Counters keep no text of a stranger's choice at any length. */
  private static String shortened(String id) {
    return id.length() <= 128 ? id : sha256(id);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
