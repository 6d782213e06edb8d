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
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.firstlight.kit.pki.Certificates;

/** A manufacturer's CA that issues whatever a test asks for. */
public final class FactoryCa {
  private static final AtomicLong SERIAL = new AtomicLong(1000);

  private final KeyPair keys;
  private final X509Certificate certificate;

  private FactoryCa(KeyPair keys, X509Certificate certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * A device's key and what it sends.
   *
   * @param chain its certificate first
   */
  public record Factory(PrivateKey key, List<X509Certificate> chain) {
    public X509Certificate certificate() {
      return chain.get(0);
    }

    /** The same, that sends these CAs' certificates after its own. */
    public Factory sending(FactoryCa... above) {
      List<X509Certificate> all = new ArrayList<>(chain);
      Stream.of(above).map(FactoryCa::certificate).forEach(all::add);
      return new Factory(key, List.copyOf(all));
    }
  }

  /** Adds extensions to a certificate. */
  public interface Extra {
    void to(JcaX509v3CertificateBuilder builder) throws Exception;

    static Extra none() {
      return builder -> {};
    }
  }

  public static FactoryCa root(String name) {
    KeyPair keys = keys();
    X500Name subject = new X500Name("CN=" + name);
    return new FactoryCa(keys, ca(subject, subject, keys, keys));
  }

  public FactoryCa intermediate(String name) {
    KeyPair below = keys();
    return new FactoryCa(below, ca(name(), new X500Name("CN=" + name), below, keys));
  }

  /** A root as a test wants it. */
  public static FactoryCa root(Wish wish) {
    return new FactoryCa(wish.keys(), wish.by(wish.subject(), wish.keys().getPrivate()));
  }

  /** A CA, or what tries to be one, below this one. */
  public FactoryCa intermediate(Wish wish) {
    return new FactoryCa(wish.keys(), wish.by(name(), key()));
  }

  /** A device of this CA alone in its chain. */
  public Factory issue(Wish wish) {
    return new Factory(wish.keys().getPrivate(), List.of(wish.by(name(), key())));
  }

  /**
   * A certificate, DER, in which one extension is there twice: {@code second} under the name of
   * {@code first}. No library makes such a one.
   */
  public byte[] issueTwice(Wish wish, ASN1ObjectIdentifier first, ASN1ObjectIdentifier second) {
    HexFormat hex = HexFormat.of();
    try {
      String tbs = hex.formatHex(wish.by(name(), key()).getTBSCertificate());
      byte[] doubled =
          hex.parseHex(
              tbs.replace(hex.formatHex(second.getEncoded()), hex.formatHex(first.getEncoded())));
      ContentSigner signer = new JcaContentSignerBuilder(wish.signedWith()).build(key());
      signer.getOutputStream().write(doubled);
      return new DERSequence(
              new ASN1Encodable[] {
                ASN1Primitive.fromByteArray(doubled),
                signer.getAlgorithmIdentifier(),
                new DERBitString(signer.getSignature())
              })
          .getEncoded();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public PrivateKey key() {
    return keys.getPrivate();
  }

  public String pem() {
    return Certificates.pem(List.of(certificate));
  }

  /** A good certificate of this subject. */
  public Factory issue(String subject) {
    Instant now = Instant.now();
    return issue(
        new X500Name(subject),
        now.minus(Duration.ofHours(1)),
        now.plus(Duration.ofDays(30)),
        builder ->
            builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)));
  }

  public Factory issue(X500Name subject, Instant from, Instant to, Extra extra) {
    KeyPair device = keys();
    JcaX509v3CertificateBuilder builder = builder(name(), subject, from, to, device);
    try {
      extra.to(builder);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return new Factory(device.getPrivate(), List.of(sign(builder, keys)));
  }

  /** Its list of revoked certificates, DER. */
  public byte[] revocationList(Instant from, Instant to, List<X509Certificate> revoked) {
    return revocationList(from, Optional.of(to), revoked);
  }

  /**
   * @param to its nextUpdate; a list without one is against the rules
   */
  public byte[] revocationList(Instant from, Optional<Instant> to, List<X509Certificate> revoked) {
    X509v2CRLBuilder builder = new X509v2CRLBuilder(name(), Date.from(from));
    to.map(Date::from).ifPresent(builder::setNextUpdate);
    for (X509Certificate one : revoked) {
      builder.addCRLEntry(one.getSerialNumber(), Date.from(from), CRLReason.keyCompromise);
    }
    try {
      return builder
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
          .getEncoded();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  private static X509Certificate ca(
      X500Name issuer, X500Name subject, KeyPair keys, KeyPair signer) {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        builder(
            issuer, subject, now.minus(Duration.ofDays(9)), now.plus(Duration.ofDays(90)), keys);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return sign(builder, signer);
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, Instant from, Instant to, KeyPair keys) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        BigInteger.valueOf(SERIAL.incrementAndGet()),
        Date.from(from),
        Date.from(to),
        subject,
        keys.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair issuer) {
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
