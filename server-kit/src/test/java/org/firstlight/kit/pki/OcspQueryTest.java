package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What a responder, or whoever answers in its place, can send. */
class OcspQueryTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final KeyPair KEYS = keys();
  private static final X509Certificate CA = certificate();
  private static final OcspQuery QUERY = OcspQuery.about(CA, CA);
  private static final byte[] GOOD = good();

  @Example
  void good_answer_is_read() throws Exception {
    assertThat(QUERY.read(GOOD, Instant.now(), HOUR, Set.of()))
        .isInstanceOf(OcspStatement.Good.class);
  }

  /** Bytes changed, cut off, or repeated: never another verdict, and never another exception. */
  @Property
  void mutated_answer_is_refused_in_words(@ForAll("mutations") byte[] mutated) {
    if (Arrays.equals(mutated, GOOD)) {
      return;
    }
    try {
      OcspStatement told = QUERY.read(mutated, Instant.now(), HOUR, Set.of());
      // what no signature is over may change, such as an encoding; what is said may not
      assertThat(told).isInstanceOf(OcspStatement.Good.class);
    } catch (UnusableOcspResponseException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  @Property
  void any_bytes_are_refused_in_words(@ForAll byte[] bytes) {
    try {
      QUERY.read(bytes, Instant.now(), HOUR, Set.of());
      throw new AssertionError("nobody signed that");
    } catch (UnusableOcspResponseException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<byte[]> mutations() {
    Arbitrary<Integer> at = Arbitraries.integers().between(0, GOOD.length - 1);
    Arbitrary<byte[]> flipped =
        Combinators.combine(at, Arbitraries.bytes(), at, Arbitraries.bytes())
            .as(
                (i, one, j, other) -> {
                  byte[] bytes = GOOD.clone();
                  bytes[i] = one;
                  bytes[j] = other;
                  return bytes;
                });
    Arbitrary<byte[]> cut = at.map(i -> Arrays.copyOf(GOOD, i));
    Arbitrary<byte[]> doubled =
        at.map(
            i -> {
              byte[] bytes = Arrays.copyOf(GOOD, GOOD.length + i);
              System.arraycopy(GOOD, 0, bytes, GOOD.length, i);
              return bytes;
            });
    return Arbitraries.oneOf(flipped, cut, doubled);
  }

  private static byte[] good() {
    try {
      OCSPReq request = new OCSPReq(QUERY.request());
      BasicOCSPRespBuilder builder =
          new BasicOCSPRespBuilder(
              new RespID(X500Name.getInstance(CA.getSubjectX500Principal().getEncoded())));
      Instant now = Instant.now();
      builder.addResponse(
          request.getRequestList()[0].getCertID(),
          CertificateStatus.GOOD,
          Date.from(now.minusSeconds(60)),
          Date.from(now.plus(HOUR)));
      return new OCSPRespBuilder()
          .build(
              OCSPRespBuilder.SUCCESSFUL,
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate()),
                  new X509CertificateHolder[0],
                  Date.from(now)))
          .getEncoded();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static X509Certificate certificate() {
    try {
      X500Name name = new X500Name("CN=CA");
      Instant now = Instant.now();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.TEN,
              Date.from(now.minus(HOUR)),
              Date.from(now.plus(HOUR)),
              name,
              KEYS.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(KEYS.getPrivate())));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
