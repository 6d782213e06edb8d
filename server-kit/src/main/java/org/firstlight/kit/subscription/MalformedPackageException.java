package org.firstlight.kit.subscription;

/** Bytes that do not have the form; the message says where, and holds nothing of them. */
public final class MalformedPackageException extends Exception {
  public MalformedPackageException(String message) {
    super(message);
  }
}
