package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Wish;
import org.junit.jupiter.api.Test;

class CertificateNamesTest {
  private static final TestCa CA = TestCa.root("Root");
  private static final String HARDWARE_MODULE_NAME = "1.3.6.1.5.5.7.8.4";

  @Test
  void each_rule_finds_its_name() {
    X509Certificate certificate =
        certificate(
            "CN=urn:imei:123,SERIALNUMBER=S-1,2.5.4.97=op-1",
            new GeneralName(GeneralName.uniformResourceIdentifier, "urn:dev:1"),
            other(HARDWARE_MODULE_NAME, module("1.3.6.1.4.1.99", new byte[] {0x0a, (byte) 0xff})));

    assertThat(CertificateNames.matching(certificate, IdentityRule.COMMON_NAME))
        .containsExactly("urn:imei:123");
    assertThat(CertificateNames.matching(certificate, IdentityRule.SUBJECT_SERIAL_NUMBER))
        .containsExactly("S-1");
    assertThat(CertificateNames.matching(certificate, IdentityRule.SAN_URI))
        .containsExactly("urn:dev:1");
    assertThat(CertificateNames.matching(certificate, IdentityRule.HARDWARE_MODULE_NAME))
        .containsExactly("1.3.6.1.4.1.99-0aff");
    assertThat(CertificateNames.organizationIdentifiers(certificate)).containsExactly("op-1");
  }

  @Test
  void doubled_names_are_all_listed_and_odd_ones_read_raw() {
    assertThat(CertificateNames.commonNames(certificate("CN=a,CN=b"))).containsExactly("a", "b");
    assertThat(CertificateNames.commonNames(certificate("CN=a+CN=b")))
        .containsExactlyInAnyOrder("a", "b");
    assertThat(CertificateNames.commonNames(certificate("CN=a\\,O\\=b\\\\")))
        .containsExactly("a,O=b\\");
    assertThat(CertificateNames.commonNames(certificate("O=none"))).isEmpty();
  }

  @Test
  void broken_names_vouch_for_nothing() {
    X509Certificate noSequence =
        certificate("CN=x", other(HARDWARE_MODULE_NAME, new DERUTF8String("x")));
    X509Certificate otherType = certificate("CN=x", other("1.2.3", module("1.2", new byte[1])));
    X509Certificate noNames =
        CA.leaf(
                Wish.of("CN=x")
                    .with(
                        builder ->
                            builder.addExtension(
                                Extension.subjectAlternativeName, false, new byte[] {4, 1})))
            .certificate();

    assertThat(CertificateNames.hardwareModuleNames(noSequence)).isEmpty();
    assertThat(CertificateNames.hardwareModuleNames(otherType)).isEmpty();
    assertThat(CertificateNames.sanUris(noNames)).isEmpty();
  }

  @Test
  void an_operational_certificate_that_contradicts_itself_names_no_endpoint() {
    assertThat(CertificateNames.endpointName(certificate("CN=a"))).isPresent();
    assertThat(CertificateNames.endpointName(certificate("CN=a,CN=b"))).isEmpty();
    assertThat(CertificateNames.endpointName(certificate("CN=a b"))).isEmpty();
    assertThat(
            CertificateNames.endpointName(
                certificate(
                    "CN=urn:a", new GeneralName(GeneralName.uniformResourceIdentifier, "urn:b"))))
        .isEmpty();
  }

  private static X509Certificate certificate(String subject, GeneralName... alternatives) {
    return CA.leaf(
            Wish.of(subject)
                .with(
                    builder -> {
                      if (alternatives.length > 0) {
                        builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(alternatives));
                      }
                    }))
        .certificate();
  }

  private static GeneralName other(String type, org.bouncycastle.asn1.ASN1Encodable value) {
    return new GeneralName(
        GeneralName.otherName, new OtherName(new ASN1ObjectIdentifier(type), value));
  }

  private static DERSequence module(String type, byte[] serial) {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(new ASN1ObjectIdentifier(type));
    fields.add(new DEROctetString(serial));
    return new DERSequence(fields);
  }
}
