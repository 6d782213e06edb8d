package org.firstlight.kit.pki;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Locale;

/** Which keys and signatures are worth nothing, whoever vouches for them. */
public final class Strength {
  /** What is wanted of a key, as sentences have it. */
  public static final String WANTED = "RSA from 2048 bits on, or EC from 256 on";

  private static final int LEAST_RSA_BITS = 2048;
  private static final int LEAST_EC_BITS = 256;
  private static final List<String> FORGEABLE = List.of("MD2", "MD5", "SHA1", "SHA-1");

  private Strength() {}

  public static boolean isWeak(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return rsa.getModulus().bitLength() < LEAST_RSA_BITS;
    }
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().getField().getFieldSize() < LEAST_EC_BITS;
  }

  /**
   * Whether who can choose what is signed can have another text signed with it.
   *
   * @param algorithm as JCA names it, such as {@code SHA1withECDSA}
   */
  public static boolean isForgeable(String algorithm) {
    String upper = algorithm.toUpperCase(Locale.ROOT);
    return FORGEABLE.stream().anyMatch(upper::contains);
  }
}
