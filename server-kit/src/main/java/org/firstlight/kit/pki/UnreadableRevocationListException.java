package org.firstlight.kit.pki;

/** What should be a certificate revocation list is none that is taken; the message says why. */
public final class UnreadableRevocationListException extends Exception {
  public UnreadableRevocationListException(String message) {
    super(message);
  }
}
