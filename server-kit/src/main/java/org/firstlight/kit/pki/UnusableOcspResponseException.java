package org.firstlight.kit.pki;

/** What an OCSP responder answered says nothing about a certificate; the message says why. */
public final class UnusableOcspResponseException extends Exception {
  public UnusableOcspResponseException(String message) {
    super(message);
  }
}
