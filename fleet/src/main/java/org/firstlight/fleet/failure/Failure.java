package org.firstlight.fleet.failure;

/**
 * An expected refusal, as a value.
 *
 * @param code its class
 * @param reason one sentence for the one who asked; never a secret, never what we hold inside
 */
public record Failure(FailureCode code, String reason) {
  public Failure {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a failure says why");
    }
  }

  public static Failure of(FailureCode code, String reason) {
    return new Failure(code, reason);
  }
}
