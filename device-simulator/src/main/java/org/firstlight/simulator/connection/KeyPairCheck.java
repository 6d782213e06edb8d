package org.firstlight.simulator.connection;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;

/** That a private key belongs to a certificate or public key: signs once and verifies. */
final class KeyPairCheck {
  private KeyPairCheck() {}

  static void require(PrivateKey key, X509Certificate certificate) {
    if (!belong(key, certificate.getPublicKey())) {
      throw new ServerAccounts.Fault("the secret key is not the certificate's");
    }
  }

  static void require(PrivateKey key, PublicKey publicKey) {
    if (!belong(key, publicKey)) {
      throw new ServerAccounts.Fault("the secret key is not the public key's");
    }
  }

  private static boolean belong(PrivateKey key, PublicKey publicKey) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      byte[] probe = publicKey.getEncoded();
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(probe);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
