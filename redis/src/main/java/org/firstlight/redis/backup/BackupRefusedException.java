package org.firstlight.redis.backup;

/** A backup cannot be written or read as it is: says what is wrong and where. */
public class BackupRefusedException extends RuntimeException {
  public BackupRefusedException(String message) {
    super(message);
  }

  public BackupRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
