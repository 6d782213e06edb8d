package org.firstlight.bootstrap;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * What a test wants a certificate to be: on P-256, good for a month and without extensions, where
 * it does not say otherwise.
 *
 * @param signedWith as JCA names it
 */
public record Wish(
    X500Name subject, Instant from, Instant to, KeyPair keys, String signedWith, Extra extra) {
  private static final AtomicLong SERIAL = new AtomicLong(1_000_000);

  /** Adds extensions to a certificate. */
  public interface Extra {
    void to(JcaX509v3CertificateBuilder builder) throws Exception;
  }

  /** A device's. */
  public static Wish of(String subject) {
    return of(new X500Name(subject));
  }

  public static Wish of(X500Name subject) {
    Instant now = Instant.now();
    return new Wish(
        subject,
        now.minus(Duration.ofHours(1)),
        now.plus(Duration.ofDays(30)),
        ec("secp256r1"),
        "SHA256withECDSA",
        builder -> {});
  }

  /** A CA's, with what makes it one. */
  public static Wish ca(String subject) {
    return of(subject)
        .with(Extension.basicConstraints, true, new BasicConstraints(true))
        .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
  }

  public Wish from(Instant other) {
    return new Wish(subject, other, to, keys, signedWith, extra);
  }

  public Wish to(Instant other) {
    return new Wish(subject, from, other, keys, signedWith, extra);
  }

  public Wish keys(KeyPair other) {
    return new Wish(subject, from, to, other, signedWith, extra);
  }

  public Wish signedWith(String algorithm) {
    return new Wish(subject, from, to, keys, algorithm, extra);
  }

  /** Besides those that it has. */
  public Wish with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
    return with(builder -> builder.addExtension(oid, critical, value));
  }

  public Wish with(Extra more) {
    return new Wish(
        subject,
        from,
        to,
        keys,
        signedWith,
        builder -> {
          extra.to(builder);
          more.to(builder);
        });
  }

  /** The certificate, by who has this name and key. */
  public X509Certificate by(X500Name issuer, PrivateKey key) {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(from),
            Date.from(to),
            subject,
            keys.getPublic());
    try {
      extra.to(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(signedWith).build(key)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
