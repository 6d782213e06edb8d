package org.firstlight.kit.pki;

import java.security.cert.CertificateException;

/** Bytes that are not what they should be; the message is a sentence for the one who sent them. */
public final class UnreadableCertificateException extends CertificateException {
  public UnreadableCertificateException(String message) {
    super(message);
  }
}
