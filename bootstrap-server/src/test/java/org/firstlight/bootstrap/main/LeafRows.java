package org.firstlight.bootstrap.main;

import static org.firstlight.bootstrap.main.Row.refused;
import static org.firstlight.bootstrap.main.Row.trusted;

import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.bootstrap.Wish;

/** A device's own certificate, but for the name in it. */
final class LeafRows {
  private static final FactoryCa ISSUING = FactoryCa.root("Leaf CA");
  private static final Maker MAKER = Maker.of("leaf", ISSUING).with(1);
  private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.2.3.4");

  private LeafRows() {}

  static List<Row> all() {
    return Stream.of(times(), usages(), extensions(), keys(), signatures(), handshakes())
        .flatMap(List::stream)
        .toList();
  }

  private static Row refusing(String name, Wish wish, String reason) {
    return refused(name, MAKER, ISSUING.issue(wish), reason);
  }

  private static Row trusting(String name, Wish wish) {
    return trusted(name, MAKER, ISSUING.issue(wish));
  }

  private static List<Row> times() {
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    return List.of(
        refusing(
            "leaf_that_has_expired",
            Wish.of("CN=expired").to(now.minusSeconds(60)),
            "its certificate expired at"),
        refusing(
            "leaf_that_is_not_valid_yet",
            Wish.of("CN=early").from(now.plus(day)),
            "its certificate is not valid before"),
        // RFC 5280 §4.1.2.5: no end that is known
        trusting(
            "leaf_without_an_end",
            Wish.of("CN=endless").to(Instant.parse("9999-12-31T23:59:59Z"))));
  }

  private static List<Row> usages() {
    return List.of(
        refusing(
            "leaf_that_is_a_ca",
            Wish.of("CN=is-ca").with(Extension.basicConstraints, true, new BasicConstraints(true)),
            "its certificate is a CA's"),
        refusing(
            "key_usage_without_digital_signature",
            Wish.of("CN=agrees")
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement)),
            "its certificate's key usage lacks digitalSignature"),
        refusing(
            "extended_key_usage_of_a_server",
            Wish.of("CN=serves").with(Extension.extendedKeyUsage, false, server()),
            "its certificate's extended key usage lacks clientAuth"),
        refusing(
            "key_usage_that_cannot_be_read",
            Wish.of("CN=unusable")
                .with(b -> b.addExtension(Extension.keyUsage, false, new byte[] {0x04, 0x01, 0})),
            "its certificate's key usage is malformed"),
        refusing(
            "extended_key_usage_that_cannot_be_read",
            Wish.of("CN=garbled")
                .with(
                    builder ->
                        builder.addExtension(
                            Extension.extendedKeyUsage, false, new byte[] {0x30, 0x02, 0x0c, 0})),
            "its certificate's extended key usage is malformed"),
        trusting(
            "extended_key_usage_of_a_client_alone",
            Wish.of("CN=client")
                .with(
                    Extension.extendedKeyUsage,
                    true,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))),
        trusting(
            "extended_key_usage_of_any_kind",
            Wish.of("CN=anything")
                .with(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage))),
        trusting("leaf_without_usages", Wish.of("CN=bare")),
        trusting(
            "leaf_that_says_that_it_is_no_ca",
            Wish.of("CN=no-ca")
                .with(Extension.basicConstraints, true, new BasicConstraints(false))));
  }

  private static ExtendedKeyUsage server() {
    return new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
  }

  private static List<Row> extensions() {
    Wish two =
        Wish.of("CN=twice")
            .with(UNKNOWN.branch("1"), false, DERNull.INSTANCE)
            .with(UNKNOWN.branch("2"), false, DERNull.INSTANCE);
    return List.of(
        refusing(
            "critical_extension_that_nobody_knows",
            Wish.of("CN=critical").with(UNKNOWN, true, DERNull.INSTANCE),
            "a certificate of its chain has a critical extension that is not known here"),
        trusting(
            "extension_that_nobody_knows",
            Wish.of("CN=uncritical").with(UNKNOWN, false, DERNull.INSTANCE)),
        new Row(
            "extension_that_is_there_twice",
            MAKER,
            two.keys().getPrivate(),
            List.of(ISSUING.issueTwice(two, UNKNOWN.branch("1"), UNKNOWN.branch("2"))),
            Row.End.HANDSHAKE,
            "a certificate that it sent cannot be read"));
  }

  private static List<Row> keys() {
    KeyPair p384 = Wish.ec("secp384r1");
    KeyPair rsa = Wish.rsa(2048);
    FactoryCa strong = FactoryCa.root(Wish.ca("CN=P-384 CA").keys(p384));
    FactoryCa wide = FactoryCa.root(Wish.ca("CN=RSA CA").keys(rsa).signedWith("SHA256withRSA"));
    FactoryCa narrow =
        FactoryCa.root(Wish.ca("CN=RSA 1024 CA").keys(Wish.rsa(1024)).signedWith("SHA256withRSA"));
    FactoryCa weakLine = ISSUING.intermediate(Wish.ca("CN=RSA 1024 line").keys(Wish.rsa(1024)));
    String weak = "the key of a CA above it is too weak: RSA from 2048 bits on, or EC from 256 on";
    return List.of(
        trusting("key_on_p384", Wish.of("CN=p384").keys(p384)),
        refusing(
            "key_that_is_rsa",
            Wish.of("CN=rsa").keys(rsa),
            "its key is no EC key, and no cipher suite here is for another"),
        trusted(
            "issuing_ca_on_p384",
            Maker.of("p384", strong),
            strong.issue(Wish.of("CN=below-p384").signedWith("SHA384withECDSA"))),
        trusted(
            "issuing_ca_that_is_rsa",
            Maker.of("rsa", wide),
            wide.issue(Wish.of("CN=below-rsa").signedWith("SHA256withRSA"))),
        refused(
            "issuing_ca_with_a_weak_key",
            Maker.of("narrow", narrow),
            narrow.issue(Wish.of("CN=below-1024").signedWith("SHA256withRSA")),
            weak),
        refused(
            "intermediate_with_a_weak_key",
            MAKER,
            weakLine
                .issue(Wish.of("CN=below-line-1024").signedWith("SHA256withRSA"))
                .sending(weakLine),
            weak));
  }

  private static List<Row> signatures() {
    FactoryCa sha1Line = ISSUING.intermediate(Wish.ca("CN=SHA-1 line").signedWith("SHA1withECDSA"));
    FactoryCa sha1 = FactoryCa.root(Wish.ca("CN=SHA-1 CA").signedWith("SHA1withECDSA"));
    return List.of(
        refusing(
            "signature_with_sha1",
            Wish.of("CN=sha1").signedWith("SHA1withECDSA"),
            "the signature of its certificate is of a kind that can be forged: SHA1withECDSA"),
        refused(
            "intermediate_signed_with_sha1",
            MAKER,
            sha1Line.issue("CN=below-sha1").sending(sha1Line),
            "the signature of a CA above its certificate is of a kind that can be forged"),
        // its own signature is nothing that anybody goes by
        trusted(
            "issuing_ca_that_signed_itself_with_sha1",
            Maker.of("sha1", sha1),
            sha1.issue("CN=below-sha1-root")),
        trusting("signature_with_sha512", Wish.of("CN=sha512").signedWith("SHA512withECDSA")));
  }

  private static List<Row> handshakes() {
    Factory shown = ISSUING.issue("CN=shown");
    return List.of(
        new Row(
            "certificate_whose_key_it_has_not",
            MAKER,
            Wish.ec("secp256r1").getPrivate(),
            Row.der(shown.chain()),
            Row.End.HANDSHAKE,
            "it could not prove that it holds the key"),
        new Row(
            "certificate_that_is_none",
            MAKER,
            shown.key(),
            List.of(),
            Row.End.HANDSHAKE,
            "it shows no certificate"),
        trusting("certificate_that_is_large", padded("CN=large", 6_000)),
        refusing(
            "certificate_that_is_too_large",
            padded("CN=too-large", 9_000),
            "it sent a message that is larger than is taken"));
  }

  private static Wish padded(String subject, int bytes) {
    return Wish.of(subject).with(UNKNOWN, false, new DEROctetString(new byte[bytes]));
  }
}
