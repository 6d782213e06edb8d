package org.firstlight.simulator.crowd;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import org.firstlight.simulator.pem.PemFiles;

/**
 * A key and its certificate, as bytes: thousands of them lie here, and few are used at a time.
 *
 * @param key PKCS#8
 * @param certificate DER
 */
record Identity(byte[] key, byte[] certificate) {
  PrivateKey privateKey() throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key));
  }

  /** Throws a {@link org.firstlight.simulator.pem.PemException} for what is no certificate. */
  X509Certificate x509() {
    return PemFiles.certificate(certificate);
  }

  @Override
  public String toString() {
    return "Identity[]";
  }
}
