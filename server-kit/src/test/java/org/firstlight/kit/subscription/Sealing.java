package org.firstlight.kit.subscription;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SimpleAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Leaf;
import org.firstlight.kit.TestCa.Wish;
import org.firstlight.kit.pki.Certificates;
import org.jspecify.annotations.Nullable;

/** An operator and an eUICC, as far as the checks need them; the real ones live elsewhere. */
final class Sealing {
  static final Eid EID = eid("890490321234512345123456789012");
  static final Eid OTHER_EID = eid("8904903212345123451234567890");
  static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  static final byte[] CLEAR = "not for the platform".getBytes(StandardCharsets.US_ASCII);

  static final TestCa SUBSCRIPTION_ROOT = TestCa.root("Subscription Root");
  static final TestCa EUICC_ROOT = TestCa.root("eUICC Root");
  static final Leaf OPERATOR = SUBSCRIPTION_ROOT.leaf("CN=Operator,2.5.4.97=op-1");
  static final Leaf EUICC_AGREEMENT =
      EUICC_ROOT.leaf(Wish.of("CN=eUICC,SERIALNUMBER=" + EID).usage(KeyUsage.keyAgreement));
  static final Leaf EUICC_SIGNING = EUICC_ROOT.leaf("CN=eUICC,SERIALNUMBER=" + EID);

  private static final BouncyCastleProvider BC = new BouncyCastleProvider();
  private static final KeyPair EPHEMERAL = TestCa.keys();

  private Sealing() {}

  /** Check digits so that the whole number mod 97 is 1. */
  static Eid eid(String first30) {
    String padded = (first30 + "000000000000").substring(0, 30);
    int rest = new BigInteger(padded + "00").mod(BigInteger.valueOf(97)).intValue();
    return new Eid(padded + "%02d".formatted(98 - rest));
  }

  static SubscriptionHeader header() {
    return new SubscriptionHeader(
        "00112233445566778899aabbccddeeff",
        "op-1",
        EID,
        Certificates.sha256(EUICC_AGREEMENT.certificate()),
        5,
        NOW.minusSeconds(60),
        NOW.plusSeconds(3600),
        SubscriptionHeader.Action.INSTALL,
        Optional.empty());
  }

  static byte[] seal(SubscriptionHeader header) {
    return seal(header, header, OPERATOR, CLEAR);
  }

  static byte[] seal(
      SubscriptionHeader signed, @Nullable SubscriptionHeader sealed, Leaf operator, byte[] clear) {
    try {
      CMSAuthEnvelopedDataGenerator envelope = new CMSAuthEnvelopedDataGenerator();
      if (sealed != null) {
        envelope.setAuthenticatedAttributeGenerator(
            new SimpleAttributeTableGenerator(table(sealed)));
      }
      envelope.addRecipientInfoGenerator(
          new JceKeyAgreeRecipientInfoGenerator(
                  CMSAlgorithm.ECDH_SHA256KDF,
                  EPHEMERAL.getPrivate(),
                  EPHEMERAL.getPublic(),
                  CMSAlgorithm.AES256_WRAP)
              .addRecipient(EUICC_AGREEMENT.certificate())
              .setProvider(BC));
      ContentInfo info =
          envelope
              .generate(
                  new CMSProcessableByteArray(clear),
                  (OutputAEADEncryptor)
                      new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM)
                          .setProvider(BC)
                          .build())
              .toASN1Structure();
      byte[] inner = info.getContent().toASN1Primitive().getEncoded(ASN1Encoding.DER);
      return sign(SealedForm.CONTENT, inner, operator, table(signed));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static byte[] receipt(Receipt receipt, Leaf signer) {
    return sign(
        SubscriptionFormat.RECEIPT_CONTENT, SubscriptionFormat.encode(receipt), signer, null);
  }

  static byte[] sign(
      ASN1ObjectIdentifier type, byte[] content, Leaf signer, @Nullable AttributeTable extra) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      JcaSignerInfoGeneratorBuilder builder =
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
      if (extra != null) {
        builder.setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(extra));
      }
      generator.addSignerInfoGenerator(
          builder.build(
              new JcaContentSignerBuilder("SHA256withECDSA").build(signer.keys().getPrivate()),
              signer.certificate()));
      generator.addCertificates(new JcaCertStore(signer.chain()));
      return generator
          .generate(new CMSProcessableByteArray(type, content), true)
          .toASN1Structure()
          .getEncoded(ASN1Encoding.DER);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static AttributeTable table(SubscriptionHeader header) {
    ASN1EncodableVector attributes = new ASN1EncodableVector();
    attributes.add(
        new Attribute(
            SubscriptionFormat.HEADER_ATTRIBUTE, new DERSet(SubscriptionFormat.toAsn1(header))));
    return new AttributeTable(attributes);
  }

  static Leaf withChain(Leaf leaf, X509Certificate... above) {
    List<X509Certificate> chain = new ArrayList<>(leaf.chain());
    chain.addAll(List.of(above));
    return new Leaf(leaf.keys(), leaf.certificate(), chain);
  }
}
