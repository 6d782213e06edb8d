package org.firstlight.simulator.pem;

/**
 * A key or certificate file cannot be used; the message says which and why, never what is in it.
 */
public final class PemException extends RuntimeException {
  public PemException(String message) {
    super(message);
  }

  public PemException(String message, Throwable cause) {
    super(message, cause);
  }
}
