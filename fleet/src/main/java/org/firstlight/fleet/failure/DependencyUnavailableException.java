package org.firstlight.fleet.failure;

/** State could not be reached or refused the write: nothing is acknowledged, a retry can help. */
public class DependencyUnavailableException extends RuntimeException {
  public DependencyUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public DependencyUnavailableException(String message) {
    super(message);
  }
}
