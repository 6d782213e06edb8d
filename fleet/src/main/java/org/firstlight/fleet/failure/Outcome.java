package org.firstlight.fleet.failure;

import java.util.Optional;
import java.util.function.Function;

/** What came of something that may be refused: a value, or the failure in its place. */
public sealed interface Outcome<T> {
  record Done<T>(T value) implements Outcome<T> {}

  record Refused<T>(Failure failure) implements Outcome<T> {}

  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Outcome<T> refused(Failure failure) {
    return new Refused<>(failure);
  }

  static <T> Outcome<T> refused(FailureCode code, String reason) {
    return new Refused<>(Failure.of(code, reason));
  }

  /** The next step, taken only if this one was done. */
  default <U> Outcome<U> then(Function<? super T, Outcome<U>> next) {
    if (this instanceof Done<T> done) {
      return next.apply(done.value());
    }
    return new Refused<>(refusal().orElseThrow());
  }

  default <U> Outcome<U> map(Function<? super T, ? extends U> change) {
    return then(value -> new Done<>(change.apply(value)));
  }

  default Optional<T> result() {
    return this instanceof Done<T> done ? Optional.of(done.value()) : Optional.empty();
  }

  default Optional<Failure> refusal() {
    return this instanceof Refused<T> refused ? Optional.of(refused.failure()) : Optional.empty();
  }
}
