package org.firstlight.kit.crypto;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.crypto.KeyAgreement;
import org.firstlight.kit.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who does elliptic curves. A handshake with certificates is bound by P-256, and the JDK's own is
 * many times slower than native code. Only the services named here are taken from a native
 * provider: whole, one of them breaks Scandium, whose HMAC keys are destroyed while that provider
 * holds them.
 */
public enum CryptoProvider {
  /** Amazon Corretto Crypto Provider: Linux and macOS. */
  ACCP("com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider"),
  CONSCRYPT("org.conscrypt.OpenSSLProvider"),
  /** The JDK's own, everywhere. */
  JDK("");

  private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);
  private static final Set<String> SERVICES =
      Set.of(
          "KeyPairGenerator.EC",
          "KeyFactory.EC",
          "KeyAgreement.ECDH",
          "Signature.SHA256WITHECDSA",
          "Signature.SHA384WITHECDSA",
          "Signature.SHA512WITHECDSA");

  private static CryptoProvider inUse = JDK;

  private final String className;

  CryptoProvider(String className) {
    this.className = className;
  }

  /**
   * Takes the first of these that is there and works; the last resort is the JDK. To be called
   * before the first use of a key; what is in use already stays as it is.
   *
   * @return what is in use from now on
   */
  public static synchronized CryptoProvider install(List<CryptoProvider> wanted) {
    inUse = wanted.stream().filter(one -> one == inUse || one.works()).findFirst().orElse(JDK);
    if (inUse == JDK) {
      Security.removeProvider(ChosenServices.NAME);
    }
    LOG.info("elliptic curves by {}", inUse.words());
    return inUse;
  }

  /** Takes the one that is named, or else the fastest that works here. */
  public static CryptoProvider install(Optional<CryptoProvider> named) {
    return install(named.map(List::of).orElse(List.of(values())));
  }

  /** Puts it first, if it does what the JDK does; else all stays as it is. */
  private boolean works() {
    if (this == JDK) {
      return true;
    }
    try {
      Provider whole = (Provider) Class.forName(className).getConstructor().newInstance();
      ChosenServices chosen =
          new ChosenServices(
              whole,
              service ->
                  SERVICES.stream()
                      .anyMatch(
                          name ->
                              name.equalsIgnoreCase(
                                  service.getType() + "." + service.getAlgorithm())));
      check(chosen);
      Security.removeProvider(ChosenServices.NAME);
      Security.insertProviderAt(chosen, 1);
      return true;
    } catch (ClassNotFoundException absent) {
      LOG.debug("{} is not on the class path", this);
    } catch (InvocationTargetException | LinkageError | GeneralSecurityException fault) {
      LOG.warn("{} does not work here and is left alone: {}", this, cause(fault).toString());
    } catch (ReflectiveOperationException | RuntimeException fault) {
      LOG.warn("{} is not as it should be and is left alone: {}", this, fault.toString());
    }
    return false;
  }

  private static Throwable cause(Throwable fault) {
    Throwable cause = fault;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What each signs and agrees on, the other must find right. */
  private static void check(Provider chosen) throws GeneralSecurityException {
    KeyPair theirs = pair(KeyPairGenerator.getInstance("EC", chosen));
    KeyPair ours = pair(KeyPairGenerator.getInstance("EC"));
    byte[] text = {1, 2, 3};
    String algorithm = "SHA256withECDSA";
    byte[] signed = sign(Signature.getInstance(algorithm, chosen), theirs, text);
    byte[] jdkSigned = sign(Signature.getInstance(algorithm), ours, text);
    KeyFactory jdk = KeyFactory.getInstance("EC");
    KeyFactory native1 = KeyFactory.getInstance("EC", chosen);
    var theirPublic = jdk.generatePublic(new X509EncodedKeySpec(theirs.getPublic().getEncoded()));
    var ourPublic = native1.generatePublic(new X509EncodedKeySpec(ours.getPublic().getEncoded()));
    var ourPrivate =
        native1.generatePrivate(new PKCS8EncodedKeySpec(ours.getPrivate().getEncoded()));
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(theirPublic);
    verifier.update(text);
    boolean good = verifier.verify(signed);
    Signature nativeVerifier = Signature.getInstance(algorithm, chosen);
    nativeVerifier.initVerify(ourPublic);
    nativeVerifier.update(text);
    good &= nativeVerifier.verify(jdkSigned);
    nativeVerifier.initVerify(ourPublic);
    nativeVerifier.update(new byte[] {3, 2, 1});
    good &= !nativeVerifier.verify(jdkSigned);
    KeyAgreement mine = KeyAgreement.getInstance("ECDH", chosen);
    mine.init(ourPrivate);
    mine.doPhase(theirs.getPublic(), true);
    KeyAgreement other = KeyAgreement.getInstance("ECDH");
    other.init(jdk.generatePrivate(new PKCS8EncodedKeySpec(theirs.getPrivate().getEncoded())));
    other.doPhase(ours.getPublic(), true);
    good &= MessageDigest.isEqual(mine.generateSecret(), other.generateSecret());
    if (!good) {
      throw new GeneralSecurityException("it does not agree with the JDK");
    }
  }

  private static KeyPair pair(KeyPairGenerator generator) throws GeneralSecurityException {
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static byte[] sign(Signature signer, KeyPair pair, byte[] text)
      throws GeneralSecurityException {
    signer.initSign(pair.getPrivate());
    signer.update(text);
    return signer.sign();
  }

  /** Says in the metrics that this one is in use. */
  public void showIn(Metrics metrics) {
    metrics.gauge(
        "firstlight.crypto.provider", () -> 1, "provider", name().toLowerCase(Locale.ROOT));
  }

  /** For people, as "Amazon Corretto Crypto Provider". */
  public String words() {
    return switch (this) {
      case ACCP -> "Amazon Corretto Crypto Provider";
      case CONSCRYPT -> "Conscrypt";
      case JDK -> "JDK " + Runtime.version().feature();
    };
  }
}
