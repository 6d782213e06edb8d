package org.firstlight.dm.user;

import java.text.Normalizer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/**
 * Makes and checks passwords, a few at a time: each takes 19 MiB while it is hashed, and many who
 * sign in at once must not take the heap.
 */
public final class Passwords {
  private static final int SHORTEST = 12;
  private static final int LONGEST = 128;
  private static final int AT_ONCE = 2;
  private static final int WAITING = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final Semaphore queue = new Semaphore(WAITING);

  /** What an unknown name's password is checked against, so that it takes as long. */
  private final PasswordHash nobodys = PasswordHash.of("nobody has this password");

  /**
   * Whether it is this one.
   *
   * @param stored as {@link #hash} made it; empty is as slow, and never it
   */
  Outcome<Boolean> matches(String given, Optional<String> stored) {
    PasswordHash hash = stored.map(PasswordHash::parse).orElse(nobodys);
    String text = normal(given.substring(0, Math.min(given.length(), LONGEST * 2)));
    return inTurn(() -> hash.matches(text)).map(same -> same && stored.isPresent());
  }

  Outcome<String> hash(String password) {
    return inTurn(() -> PasswordHash.of(normal(password)).phc());
  }

  static boolean isWeak(String stored) {
    return PasswordHash.parse(stored).isWeak();
  }

  /** Why this is no password for this user; empty if it is. */
  static Optional<String> refuse(String password, String user) {
    int length = password.codePointCount(0, password.length());
    if (length < SHORTEST || length > LONGEST) {
      return Optional.of("password: has %d to %d characters".formatted(SHORTEST, LONGEST));
    }
    if (password.chars().distinct().count() < 5) {
      return Optional.of("password: has too few different characters");
    }
    boolean named =
        password.equalsIgnoreCase(user) || password.equalsIgnoreCase(user.split("@", 2)[0]);
    return named ? Optional.of("password: is your name") : Optional.empty();
  }

  /** The same, however a keyboard composes it. */
  private static String normal(String password) {
    return Normalizer.normalize(password, Normalizer.Form.NFC);
  }

  private <T> Outcome<T> inTurn(Supplier<T> work) {
    if (!queue.tryAcquire()) {
      return busy();
    }
    try {
      if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return busy();
      }
      try {
        return Outcome.done(work.get());
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return busy();
    } finally {
      queue.release();
    }
  }

  private static <T> Outcome<T> busy() {
    return Outcome.refused(
        FailureCode.RATE_LIMITED, "many sign in at this moment: try again in a few seconds");
  }
}
