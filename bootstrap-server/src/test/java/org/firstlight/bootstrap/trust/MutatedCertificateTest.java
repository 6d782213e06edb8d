package org.firstlight.bootstrap.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;

/** Certificates with bytes changed: each is judged, and none is trusted for what nobody signed. */
class MutatedCertificateTest {
  private static final FactoryCa CA = FactoryCa.root("Acme Issuing CA");
  private static final byte[] GOOD = good();

  @Property
  void mutated_certificate_gets_a_verdict(
      @ForAll("mutations") byte[] mutated, @ForAll IdentityRule rule) throws Exception {
    Optional<X509Certificate> read = read(mutated);
    if (read.isEmpty()) {
      return;
    }
    Verdict verdict =
        FactoryTrust.of(List.of(manufacturer(rule, CA.pem())))
            .judge(List.of(read.get()), Instant.now());
    if (verdict instanceof Distrusted no) {
      assertThat(no.reason()).isNotBlank();
    } else {
      // only what the signature is over counts, and that has not changed
      assertThat(read.get().getTBSCertificate()).isEqualTo(read(GOOD).get().getTBSCertificate());
    }
  }

  private static Optional<X509Certificate> read(byte[] der) {
    try {
      return Optional.of(
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der)));
    } catch (CertificateException notOne) {
      return Optional.empty();
    }
  }

  @Provide
  Arbitrary<byte[]> mutations() {
    Arbitrary<Integer> at = Arbitraries.integers().between(0, GOOD.length - 1);
    return Combinators.combine(at, Arbitraries.bytes())
        .as(
            (i, value) -> {
              byte[] bytes = GOOD.clone();
              bytes[i] = value;
              return bytes;
            });
  }

  private static byte[] good() {
    Instant now = Instant.now();
    try {
      return CA.issue(
              new X500Name("CN=dev-1,SERIALNUMBER=7,O=Acme\\, Inc"),
              now.minusSeconds(60),
              now.plusSeconds(3600),
              builder -> {
                builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                        new GeneralName(GeneralName.uniformResourceIdentifier, "urn:dev:1")));
                builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
              })
          .certificate()
          .getEncoded();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Manufacturer manufacturer(IdentityRule rule, String pem) {
    return new Manufacturer(
        "acme",
        "acme",
        Manufacturer.State.ACTIVE,
        List.of(pem),
        rule,
        "urn:",
        Map.of(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
