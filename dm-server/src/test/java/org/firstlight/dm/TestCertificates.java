package org.firstlight.dm;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.firstlight.dm.DmWorld.Credential;

/** A CA that is not the platform's: a factory's, an eUICC maker's. */
final class TestCertificates {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final X500Name name;
  private final KeyPair keys = DmWorld.keys();
  private final X509Certificate certificate;

  private TestCertificates(String commonName) {
    this.name = new X500Name("CN=" + commonName);
    this.certificate =
        sign(name, keys, new KeyUsage(KeyUsage.keyCertSign), new BasicConstraints(true));
  }

  static TestCertificates root(String commonName) {
    return new TestCertificates(commonName);
  }

  X509Certificate certificate() {
    return certificate;
  }

  Credential leaf(String subject) {
    KeyPair leaf = DmWorld.keys();
    return new Credential(
        leaf,
        sign(
            new X500Name(subject),
            leaf,
            new KeyUsage(KeyUsage.digitalSignature),
            new BasicConstraints(false)));
  }

  private X509Certificate sign(
      X500Name subject, KeyPair subjectKeys, KeyUsage usage, BasicConstraints constraints) {
    try {
      Instant now = Instant.now();
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofDays(1))),
              subject,
              subjectKeys.getPublic());
      builder.addExtension(Extension.keyUsage, true, usage);
      builder.addExtension(Extension.basicConstraints, true, constraints);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
