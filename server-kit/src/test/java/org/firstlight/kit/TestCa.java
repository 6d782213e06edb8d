package org.firstlight.kit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA that issues whatever a test asks for. */
public final class TestCa {
  private static final AtomicLong SERIAL = new AtomicLong(1000);

  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestCa(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /** A certificate with its key and the chain up to, without, the root. */
  public record Leaf(KeyPair keys, X509Certificate certificate, List<X509Certificate> chain) {}

  /** What a leaf is to be; dates count from {@code at}. */
  public record Wish(
      String subject, int keyUsage, Instant at, Duration before, Duration after, Extra extra) {
    public static Wish of(String subject) {
      return new Wish(
          subject,
          KeyUsage.digitalSignature,
          Instant.now(),
          Duration.ofHours(1),
          Duration.ofDays(30),
          builder -> {});
    }

    public Wish usage(int usage) {
      return new Wish(subject, usage, at, before, after, extra);
    }

    public Wish valid(Duration from, Duration to) {
      return new Wish(subject, keyUsage, at, from.negated(), to, extra);
    }

    public Wish with(Extra more) {
      return new Wish(subject, keyUsage, at, before, after, more);
    }
  }

  /** Adds extensions. */
  public interface Extra {
    void to(X509v3CertificateBuilder builder) throws Exception;
  }

  public static TestCa root(String name) {
    KeyPair keys = keys();
    X500Name subject = new X500Name("CN=" + name);
    return new TestCa(keys, sign(ca(subject, subject, keys), keys));
  }

  public TestCa intermediate(String name) {
    KeyPair below = keys();
    return new TestCa(below, sign(ca(name(), new X500Name("CN=" + name), below), keys));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public Leaf leaf(String subject) {
    return leaf(Wish.of(subject));
  }

  public Leaf leaf(Wish wish) {
    KeyPair below = keys();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name(),
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(wish.at().minus(wish.before())),
            Date.from(wish.at().plus(wish.after())),
            new X500Name(wish.subject()),
            below.getPublic());
    try {
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(wish.keyUsage()));
      wish.extra().to(builder);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    X509Certificate leaf = sign(builder, keys);
    return new Leaf(below, leaf, List.of(leaf));
  }

  private X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  private static JcaX509v3CertificateBuilder ca(X500Name issuer, X500Name subject, KeyPair keys) {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(now.minus(Duration.ofDays(900))),
            Date.from(now.plus(Duration.ofDays(900))),
            subject,
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair issuer) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
