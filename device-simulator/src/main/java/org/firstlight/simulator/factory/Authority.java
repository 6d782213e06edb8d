package org.firstlight.simulator.factory;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.firstlight.simulator.pem.PemFiles;

/** A P-256 root and what it signs: a manufacturer's, an eUICC maker's or the subscription root. */
public record Authority(PrivateKey key, X509Certificate certificate) {
  /** RFC 5280 §4.1.2.5: a certificate that never expires, as IEEE 802.1AR asks of a device's. */
  public static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new self-signed root of that common name, good for 30 years from an hour before now. */
  public static Authority create(String commonName, Instant now) {
    KeyPair pair = newKeyPair();
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
    Leaf root = new Leaf(name, now.minusSeconds(3600), now.plus(Duration.ofDays(365L * 30)));
    X509v3CertificateBuilder builder = builder(name, root, pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return new Authority(pair.getPrivate(), sign(builder, pair.getPrivate()));
  }

  /** Reads {@code NAME.key.pem} and {@code NAME.pem}. */
  public static Authority read(Path folder, String name) {
    return new Authority(
        PemFiles.readKey(folder.resolve(name + ".key.pem")),
        PemFiles.readCertificate(folder.resolve(name + ".pem")));
  }

  /** Writes {@code NAME.key.pem} and {@code NAME.pem}. */
  public void write(Path folder, String name) {
    PemFiles.writeKey(folder.resolve(name + ".key.pem"), key);
    PemFiles.writeCertificates(folder.resolve(name + ".pem"), certificate);
  }

  public X509Certificate issue(PublicKey subjectKey, Leaf leaf) {
    X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder = builder(issuer, leaf, subjectKey);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(leaf.keyUsage()));
      if (!leaf.names().isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            leaf.subject().getRDNs().length == 0,
            new GeneralNames(leaf.names().toArray(GeneralName[]::new)));
      }
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return sign(builder, key);
  }

  /**
   * What it signs to show that it holds its key: a certificate for this common name, PEM, good for
   * a day.
   */
  public String proof(String challenge, Instant now) {
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, challenge).build();
    Leaf leaf = new Leaf(name, now.minusSeconds(3600), now.plus(Duration.ofDays(1)));
    return PemFiles.toPem(issue(newKeyPair().getPublic(), leaf));
  }

  /** A fresh P-256 key pair. */
  public static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509v3CertificateBuilder builder(X500Name issuer, Leaf leaf, PublicKey key) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).add(BigInteger.ONE),
        Date.from(leaf.notBefore()),
        Date.from(leaf.notAfter()),
        leaf.subject(),
        key);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
