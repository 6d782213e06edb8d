package org.firstlight.kit.pki;

/** The platform's keys cannot be used as they lie on disk; the message names file and remedy. */
public final class PkiException extends RuntimeException {
  public PkiException(String message) {
    super(message);
  }

  public PkiException(String message, Throwable cause) {
    super(message, cause);
  }
}
