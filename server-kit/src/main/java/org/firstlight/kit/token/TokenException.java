package org.firstlight.kit.token;

import org.firstlight.fleet.failure.DependencyUnavailableException;

/** A token cannot be used as it is; the message is a sentence for the operator, without the PIN. */
public class TokenException extends DependencyUnavailableException {
  public TokenException(String message) {
    super(message);
  }

  TokenException(String message, Throwable cause) {
    super(message, cause);
  }

  /** It refused the PIN. Most tokens lock after a few of those: the same is not tried again. */
  static final class PinRefused extends TokenException {
    PinRefused(String message) {
      super(message);
    }
  }
}
