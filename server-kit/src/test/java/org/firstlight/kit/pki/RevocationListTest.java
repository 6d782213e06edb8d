package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Random;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class RevocationListTest {
  private static final Instant NOW = Instant.now();
  private static final X500Name NAME = new X500Name("CN=Issuing CA");
  private static final KeyPair KEYS = keys();
  private static final X509Certificate CA = ca(KEYS, KeyUsage.keyCertSign | KeyUsage.cRLSign);

  /** Adds to a list. */
  private interface Extra {
    void to(X509v2CRLBuilder builder) throws Exception;
  }

  @Test
  void list_tells_what_it_names_and_whose_it_is() throws Exception {
    byte[] der =
        der(
            builder -> {
              builder.addCRLEntry(BigInteger.ONE, Date.from(NOW), CRLReason.keyCompromise);
              builder.addCRLEntry(BigInteger.TWO, Date.from(NOW), CRLReason.certificateHold);
            });
    RevocationList list = RevocationList.parse(der);

    assertThat(list.size()).isEqualTo(2);
    assertThat(list.isOf(CA)).isTrue();
    assertThat(list.isOf(CA)).isTrue();
    assertThat(list.find(certificate(1)).orElseThrow().reason()).contains("key compromise");
    assertThat(list.find(certificate(2)).orElseThrow().reason()).contains("certificate hold");
    assertThat(list.find(certificate(3))).isEmpty();
    String pem = Pem.write("X509 CRL", der);
    assertThat(RevocationList.parse(pem.getBytes(StandardCharsets.US_ASCII)).sha256())
        .isEqualTo(list.sha256());
  }

  @Test
  void list_is_nobody_else_s() throws Exception {
    RevocationList list = RevocationList.parse(der(builder -> {}));

    assertThat(list.isOf(ca(keys(), KeyUsage.cRLSign))).isFalse();
    assertThat(list.isOf(ca(KEYS, KeyUsage.keyCertSign))).isFalse();
  }

  @Test
  void what_does_not_tell_of_every_device_is_refused() {
    assertRefused(
        builder ->
            builder.addExtension(Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.ONE)),
        "delta");
    assertRefused(scope(true, false, null, false), "of CAs only");
    assertRefused(scope(false, false, null, true), "not of the CA's own");
    assertRefused(
        scope(false, false, new ReasonFlags(ReasonFlags.keyCompromise), false), "some reasons");
    assertRefused(
        builder ->
            builder.addExtension(new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE),
        "critical extension 1.2.3.4");
  }

  @Test
  void list_of_one_distribution_point_is_for_the_certificates_that_name_it() throws Exception {
    RevocationList list =
        RevocationList.parse(
            der(
                builder ->
                    builder.addExtension(
                        Extension.issuingDistributionPoint,
                        true,
                        new IssuingDistributionPoint(
                            point("http://crl.test/1.crl"), false, false, null, false, false))));

    assertThat(list.isOf(CA)).isTrue();
    assertThat(list.covers(leaf("http://crl.test/1.crl"))).isTrue();
    assertThat(list.covers(leaf("http://crl.test/2.crl"))).isFalse();
    assertThat(list.covers(certificate(1))).isFalse();
  }

  @Test
  void list_of_devices_alone_says_nothing_of_a_ca() throws Exception {
    RevocationList list =
        RevocationList.parse(
            der(
                builder ->
                    builder.addExtension(
                        Extension.issuingDistributionPoint,
                        true,
                        new IssuingDistributionPoint(null, true, false, null, false, false))));

    assertThat(list.covers(certificate(1))).isTrue();
    assertThat(list.covers(between())).isFalse();
  }

  private static DistributionPointName point(String uri) {
    return new DistributionPointName(
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
  }

  private static X509Certificate leaf(String point) throws Exception {
    return signed(
        builder(1, keys())
            .addExtension(
                Extension.cRLDistributionPoints,
                false,
                new CRLDistPoint(
                    new DistributionPoint[] {new DistributionPoint(point(point), null, null)})));
  }

  private static X509Certificate between() throws Exception {
    return signed(
        builder(1, keys())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
  }

  @Test
  void bytes_that_are_no_list_are_refused_in_words() throws Exception {
    assertThatThrownBy(() -> RevocationList.parse(new byte[0])).hasMessage("it is empty");
    assertThatThrownBy(() -> RevocationList.parse(new byte[RevocationList.MAX_BYTES + 1]))
        .hasMessageContaining("larger than");
    byte[] good =
        der(
            builder ->
                builder.addCRLEntry(BigInteger.ONE, Date.from(NOW), CRLReason.keyCompromise));
    assertThatThrownBy(() -> RevocationList.parse(Arrays.copyOf(good, good.length + 1)))
        .hasMessage("there are bytes after it");
    RevocationList list = RevocationList.parse(good);
    Random random = new Random(20261127);
    for (int i = 0; i < 2_000; i++) {
      byte[] odd = good.clone();
      odd[random.nextInt(odd.length)] ^= (byte) (1 << random.nextInt(8));
      byte[] bytes = i % 3 == 0 ? Arrays.copyOf(odd, random.nextInt(odd.length)) : odd;
      try {
        RevocationList read = RevocationList.parse(bytes);
        // the same signature may be written in another way: then it is of the same list
        if (read.isOf(CA)) {
          assertThat(read.thisUpdate()).isEqualTo(list.thisUpdate());
          assertThat(read.nextUpdate()).isEqualTo(list.nextUpdate());
          assertThat(read.find(certificate(1))).isPresent();
          assertThat(read.size()).isOne();
        }
      } catch (UnreadableRevocationListException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }

  private static Extra scope(
      boolean authorities, boolean users, ReasonFlags reasons, boolean indirect) {
    return builder ->
        builder.addExtension(
            Extension.issuingDistributionPoint,
            true,
            new IssuingDistributionPoint(null, users, authorities, reasons, indirect, false));
  }

  private static void assertRefused(Extra extra, String why) {
    assertThatThrownBy(() -> RevocationList.parse(der(extra)))
        .isInstanceOf(UnreadableRevocationListException.class)
        .hasMessageContaining(why);
  }

  private static byte[] der(Extra extra) throws Exception {
    X509v2CRLBuilder builder = new X509v2CRLBuilder(NAME, Date.from(NOW));
    builder.setNextUpdate(Date.from(NOW.plus(Duration.ofDays(7))));
    extra.to(builder);
    return builder
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate()))
        .getEncoded();
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate certificate(int serial) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder(serial, keys())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
  }

  private static X509Certificate ca(KeyPair keys, int usage) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder(9, keys)
                  .addExtension(Extension.keyUsage, true, new KeyUsage(usage))
                  .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(int serial, KeyPair keys) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        BigInteger.valueOf(serial),
        Date.from(NOW.minus(Duration.ofDays(1))),
        Date.from(NOW.plus(Duration.ofDays(9))),
        NAME,
        keys.getPublic());
  }
}
