package org.firstlight.kit.pki;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/** The curve of every key that is shown in DTLS here (secp256r1, RFC 8422 §5.1.1). */
public final class P256 {
  private static final ECParameterSpec CURVE = curve();

  private P256() {}

  /** Other curves of 256 bits are not it, nor is this one with another generator. */
  public static boolean has(PublicKey key) {
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().equals(CURVE.getCurve())
        && ec.getParams().getGenerator().equals(CURVE.getGenerator())
        && ec.getParams().getOrder().equals(CURVE.getOrder());
  }

  /** A fresh pair. */
  public static KeyPair newPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }
}
