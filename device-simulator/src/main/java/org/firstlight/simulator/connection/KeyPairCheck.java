package org.firstlight.simulator.connection;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** That a private key and a certificate belong together: signs once and verifies. */
final class KeyPairCheck {
  private KeyPairCheck() {}

  static void require(PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      byte[] probe = certificate.getSerialNumber().toByteArray();
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new ServerAccounts.Fault("the secret key is not the certificate's");
  }
}
