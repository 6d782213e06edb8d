package org.firstlight.redis;

/** Redis cannot be started or used as it is set up: says what is wrong and what to change. */
public class RedisUnusableException extends RuntimeException {
  public RedisUnusableException(String message) {
    super(message);
  }

  public RedisUnusableException(String message, Throwable cause) {
    super(message, cause);
  }
}
