package org.firstlight.kit.est;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.interfaces.ECPublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.crypto.CryptoProvider;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRequestTest {
  private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

  /** The fastest takes keys that the JDK's own does not. */
  @BeforeAll
  static void as_the_servers_do() {
    CryptoProvider.install(List.of(CryptoProvider.values()));
  }

  private static KeyPair key(String curve) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BOUNCY_CASTLE);
    generator.initialize(new ECGenParameterSpec(curve));
    return generator.generateKeyPair();
  }

  private static byte[] signed(KeyPair key, SubjectPublicKeyInfo spki) throws Exception {
    return new PKCS10CertificationRequestBuilder(new X500Name("CN=urn:acme:1"), spki)
        .build(
            new JcaContentSignerBuilder("SHA256withECDSA")
                .setProvider(BOUNCY_CASTLE)
                .build(key.getPrivate()))
        .getEncoded();
  }

  private static byte[] point(PublicKey key, boolean compressed) {
    return ((ECPublicKey) key).getQ().getEncoded(compressed);
  }

  private static CertificateRequest taken(byte[] der) {
    return ((Outcome.Done<CertificateRequest>) CertificateRequest.read(der)).value();
  }

  private static String refusal(byte[] der) {
    if (CertificateRequest.read(der) instanceof Outcome.Refused<CertificateRequest> refused) {
      assertThat(refused.failure().code()).isEqualTo(FailureCode.MALFORMED);
      return refused.failure().reason();
    }
    throw new AssertionError("taken: " + HexFormat.of().formatHex(der));
  }

  @Test
  void its_key_has_the_digest_that_its_certificate_will_have() throws Exception {
    KeyPair key = key("secp256r1");

    CertificateRequest read =
        taken(signed(key, SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded())));

    assertThat(read.key().getEncoded()).isEqualTo(key.getPublic().getEncoded());
    assertThat(read.keySha256()).isEqualTo(Certificates.hexSha256(key.getPublic().getEncoded()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secp256k1", "brainpoolP256r1", "sm2p256v1", "secp384r1"})
  void another_curve_is_not_taken_for_P256(String curve) throws Exception {
    KeyPair key = key(curve);

    assertThat(refusal(signed(key, SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()))))
        .contains("not on P-256");
  }

  @Test
  void a_key_has_one_encoding_only() throws Exception {
    KeyPair key = key("secp256r1");
    AlgorithmIdentifier byName =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1);
    AlgorithmIdentifier byParameters =
        new AlgorithmIdentifier(
            X9ObjectIdentifiers.id_ecPublicKey,
            new X962Parameters(ECNamedCurveTable.getByName("secp256r1")));
    byte[] hybrid = point(key.getPublic(), false);
    hybrid[0] = (byte) (6 + (hybrid[64] & 1));

    assertThat(refusal(signed(key, new SubjectPublicKeyInfo(byName, point(key.getPublic(), true)))))
        .contains("uncompressed");
    assertThat(refusal(signed(key, new SubjectPublicKeyInfo(byName, hybrid))))
        .contains("uncompressed");
    assertThat(refusal(signed(key, new SubjectPublicKeyInfo(byName, new byte[0]))))
        .contains("no PKCS#10");
    assertThat(
            refusal(
                signed(key, new SubjectPublicKeyInfo(byParameters, point(key.getPublic(), false)))))
        .contains("by its name");
  }

  /** The signature is over all of it, and DER leaves no room. */
  @Test
  void no_other_byte_and_no_cut_makes_another_good_request() throws Exception {
    KeyPair key = key("secp256r1");
    byte[] good = signed(key, SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded()));

    for (int at = 0; at < good.length; at++) {
      refusal(Arrays.copyOf(good, at));
      for (int flipped : new int[] {0x01, 0x02, 0x20, 0x80, 0xFF}) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) flipped;
        refusal(bad);
      }
    }
    refusal(Arrays.copyOf(good, good.length + 1));
    assertThat(taken(good).subject().getName()).isEqualTo("CN=urn:acme:1");
  }
}
