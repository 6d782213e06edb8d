package org.firstlight.dm.registration;

import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;

/** A Register or Update that cannot be read; the failure is the client's answer. */
final class UnreadableMessageException extends Exception {
  private final transient Failure failure;

  UnreadableMessageException(FailureCode code, String reason) {
    super(reason);
    this.failure = Failure.of(code, reason);
  }

  static UnreadableMessageException malformed(String reason) {
    return new UnreadableMessageException(FailureCode.MALFORMED, reason);
  }

  Failure failure() {
    return failure;
  }
}
