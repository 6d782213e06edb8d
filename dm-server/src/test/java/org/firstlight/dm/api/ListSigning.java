package org.firstlight.dm.api;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.firstlight.simulator.factory.Authority;

/** Signs shipment lists as a manufacturer's tool does, and as it must not. */
final class ListSigning {
  record Signer(PrivateKey key, X509Certificate certificate) {
    byte[] sign(byte[] list) throws Exception {
      return sign(list, "SHA256withECDSA", false);
    }

    byte[] signWithSha1(byte[] list) throws Exception {
      return sign(list, "SHA1withECDSA", false);
    }

    /** With the list inside. */
    byte[] signAround(byte[] list) throws Exception {
      return sign(list, "SHA256withECDSA", true);
    }

    private byte[] sign(byte[] list, String algorithm, boolean around) throws Exception {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSimpleSignerInfoGeneratorBuilder().build(algorithm, key, certificate));
      return generator.generate(new CMSProcessableByteArray(list), around).getEncoded();
    }
  }

  /** One that nobody issued, as {@code openssl req -x509} makes it. */
  static Signer signer(String name, Instant from, int days) {
    KeyPair pair = Authority.newKeyPair();
    return new Signer(
        pair.getPrivate(), certificate(name, name, pair, pair.getPrivate(), from, days));
  }

  static Signer issued(Authority by, String name, KeyPair pair) {
    String issuer = by.certificate().getSubjectX500Principal().getName().replace("CN=", "");
    return new Signer(
        pair.getPrivate(), certificate(issuer, name, pair, by.key(), Instant.now(), 365));
  }

  private static X509Certificate certificate(
      String issuer, String name, KeyPair pair, PrivateKey by, Instant from, int days) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              new JcaX509v3CertificateBuilder(
                      new X500Name("CN=" + issuer),
                      BigInteger.valueOf(System.nanoTime()),
                      Date.from(from.minusSeconds(60)),
                      Date.from(from.plus(Duration.ofDays(days))),
                      new X500Name("CN=" + name),
                      pair.getPublic())
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private ListSigning() {}
}
