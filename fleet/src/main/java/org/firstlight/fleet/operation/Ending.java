package org.firstlight.fleet.operation;

import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;

/**
 * How a request ended.
 *
 * @param code what the device answered, as "2.04", where it is done; else a {@link FailureCode}, or
 *     empty for one that somebody took back
 * @param reason one sentence; empty where it is done
 */
public record Ending(How how, String code, String reason) {
  /** In one word. */
  public enum How {
    DONE,
    FAILED,
    /** It may have been sent, and the answer is lost; it is not sent again. */
    OUTCOME_UNKNOWN,
    CANCELLED,
    /** A later one with its duplicate key came. */
    REPLACED
  }

  public static Ending done(String coapCode) {
    return new Ending(How.DONE, coapCode, "");
  }

  public static Ending failed(Failure failure) {
    How how = failure.code() == FailureCode.OUTCOME_UNKNOWN ? How.OUTCOME_UNKNOWN : How.FAILED;
    return new Ending(how, failure.code().name(), failure.reason());
  }

  static Ending failed(FailureCode code, String reason) {
    return failed(Failure.of(code, reason));
  }

  static Ending cancelled() {
    return new Ending(How.CANCELLED, "", "it was cancelled before it was sent");
  }

  static Ending replaced() {
    return new Ending(How.REPLACED, "", "a later request took its place");
  }
}
