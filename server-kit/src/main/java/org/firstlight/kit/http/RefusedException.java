package org.firstlight.kit.http;

import org.firstlight.fleet.failure.Failure;

/** Leaves a handler with a refusal, from however deep; the server answers it as a problem. */
public final class RefusedException extends RuntimeException {
  private final transient Failure failure;

  public RefusedException(Failure failure) {
    super(failure.reason(), null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
