package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.firstlight.kit.TestCa;
import org.junit.jupiter.api.Test;

class CertificatesTest {
  private static final TestCa CA = TestCa.root("Root");
  private static final X509Certificate LEAF = CA.leaf("CN=device").certificate();
  private static final byte[] DER = Certificates.der(LEAF);

  @Test
  void pem_and_der_read_alike() throws Exception {
    String pem = Certificates.pem(List.of(LEAF, CA.certificate()));

    assertThat(Certificates.parse(bytes(pem))).containsExactly(LEAF, CA.certificate());
    assertThat(Certificates.parse(bytes("Subject: x\n" + pem.replace("\n", "\r\n"))))
        .containsExactly(LEAF, CA.certificate());
    assertThat(Certificates.parseOne(DER)).isEqualTo(LEAF);
  }

  @Test
  void what_is_wrong_is_said() {
    String pem = Certificates.pem(List.of(LEAF));

    refused(new byte[0], "it is empty");
    refused(bytes("hello"), "there is no PEM block in it");
    refused(bytes(pem.substring(0, pem.length() / 2)), "the text is cut off");
    refused(bytes(pem.replace("MII", "M*I")), "not base64");
    refused(bytes(pem.replaceFirst("CERTIFICATE", "TROUSERS")), "ends with another name");
    refused(bytes(pem.replace("CERTIFICATE", "X509 CRL")), "no CERTIFICATE");
    refused(
        bytes(Pem.write("PRIVATE KEY", TestCa.keys().getPrivate().getEncoded())),
        "it holds a private key");
    refused(bytes(Pem.write("CERTIFICATE", new byte[] {0x30, 0})), "not an X.509 certificate");
    refused(Arrays.copyOf(DER, DER.length - 1), "not an X.509 certificate");
    refused(Arrays.copyOf(DER, DER.length + 1), "bytes after the certificate");
    refused(Arrays.copyOf(DER, Certificates.MAX_DER_BYTES + 1), "larger than");
    refused(bytes("-".repeat(Pem.MAX_BYTES + 1)), "larger than");
    refused(bytes(pem.repeat(33)), "too many blocks");
  }

  @Test
  void one_is_one() {
    assertThatExceptionOfType(UnreadableCertificateException.class)
        .isThrownBy(
            () -> Certificates.parseOne(bytes(Certificates.pem(List.of(LEAF, CA.certificate())))))
        .withMessage("it holds 2 certificates, one is wanted");
  }

  @Test
  void a_key_has_one_digest_under_any_certificate() {
    assertThat(Certificates.keySha256(LEAF))
        .isEqualTo(Certificates.keySha256(LEAF.getPublicKey()))
        .matches("[0-9a-f]{64}")
        .isNotEqualTo(Certificates.sha256(LEAF));
  }

  @Property
  void any_bytes_are_read_or_refused(@ForAll @Size(max = 300) byte[] bytes) {
    read(bytes);
    byte[] sequence = bytes.clone();
    if (sequence.length > 0) {
      sequence[0] = 0x30;
      read(sequence);
    }
  }

  @Property
  void a_flipped_bit_is_read_or_refused(@ForAll @IntRange(max = 10_000) int bit) {
    byte[] broken = DER.clone();
    int at = bit % (DER.length * 8);
    broken[at / 8] ^= (byte) (1 << at % 8);
    read(broken);
  }

  private static void read(byte[] bytes) {
    try {
      for (X509Certificate certificate : Certificates.parse(bytes)) {
        CertificateNames.commonNames(certificate);
        CertificateNames.sanUris(certificate);
        CertificateNames.hardwareModuleNames(certificate);
      }
    } catch (UnreadableCertificateException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static void refused(byte[] bytes, String reason) {
    assertThatExceptionOfType(UnreadableCertificateException.class)
        .isThrownBy(() -> Certificates.parse(bytes))
        .withMessageContaining(reason);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
