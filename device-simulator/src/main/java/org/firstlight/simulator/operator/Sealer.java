package org.firstlight.simulator.operator;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SimpleAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.firstlight.kit.subscription.SubscriptionFormat;
import org.firstlight.kit.subscription.SubscriptionHeader;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.subscription.Subscription;

/**
 * Seals one subscription to one eUICC: AuthEnvelopedData (RFC 5083) to its key-agreement
 * certificate, the header among its authenticated attributes, which AES-GCM takes as additional
 * data; around it SignedData with the same header as signed attribute.
 */
public final class Sealer {
  private static final Provider BC = new BouncyCastleProvider();

  private final PrivateKey key;
  private final X509Certificate certificate;

  public Sealer(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /** DER of the sealed package. */
  public byte[] seal(
      Subscription subscription, SubscriptionHeader header, X509Certificate recipient) {
    AttributeTable attributes =
        new AttributeTable(
            new Attribute(
                SubscriptionFormat.HEADER_ATTRIBUTE,
                new DERSet(SubscriptionFormat.toAsn1(header))));
    try {
      byte[] envelope = envelope(subscription.toDer(), attributes, recipient);
      CMSSignedDataGenerator signed = new CMSSignedDataGenerator();
      signed.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(
                  new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
              .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(attributes))
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA").setProvider(BC).build(key),
                  certificate));
      signed.addCertificates(new JcaCertStore(List.of(certificate)));
      return signed
          .generate(
              new CMSProcessableByteArray(CMSObjectIdentifiers.authEnvelopedData, envelope), true)
          .toASN1Structure()
          .getEncoded(ASN1Encoding.DER);
    } catch (CMSException | OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot seal", e);
    }
  }

  private static byte[] envelope(
      byte[] content, AttributeTable attributes, X509Certificate recipient)
      throws CMSException, GeneralSecurityException, IOException {
    KeyPair ephemeral = Authority.newKeyPair();
    CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
    generator.setAuthenticatedAttributeGenerator(new SimpleAttributeTableGenerator(attributes));
    generator.addRecipientInfoGenerator(
        new JceKeyAgreeRecipientInfoGenerator(
                CMSAlgorithm.ECDH_SHA256KDF,
                ephemeral.getPrivate(),
                ephemeral.getPublic(),
                CMSAlgorithm.AES256_WRAP)
            .addRecipient(recipient)
            .setProvider(BC));
    OutputAEADEncryptor encryptor =
        (OutputAEADEncryptor)
            new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM).setProvider(BC).build();
    return generator
        .generate(new CMSProcessableByteArray(content), encryptor)
        .toASN1Structure()
        .getContent()
        .toASN1Primitive()
        .getEncoded(ASN1Encoding.DER);
  }
}
