package org.firstlight.simulator.euicc;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.subscription.Receipt;
import org.firstlight.kit.subscription.SubscriptionFormat;
import org.firstlight.simulator.pem.PemFiles;

/** An eUICC's two keys and the two things done with them: open a package, sign a receipt. */
final class EuiccKeys {
  private static final Provider BC = new BouncyCastleProvider();

  private final PrivateKey agreementKey;
  private final X509Certificate agreement;
  private final PrivateKey signingKey;
  private final X509Certificate signing;

  EuiccKeys(Path folder) {
    agreementKey = PemFiles.readKey(folder.resolve("agreement.key.pem"));
    agreement = PemFiles.readCertificate(folder.resolve("agreement.pem"));
    signingKey = PemFiles.readKey(folder.resolve("signing.key.pem"));
    signing = PemFiles.readCertificate(folder.resolve("signing.pem"));
  }

  /** Digest of the certificate that packages for this eUICC are sealed to. */
  String recipientSha256() {
    return Certificates.sha256(agreement);
  }

  /**
   * What is inside a package whose signature was checked before.
   *
   * @throws CMSException if this key does not open it, or a bit of it is not the operator's
   */
  byte[] open(byte[] sealedPackage) throws CMSException {
    try {
      CMSSignedData signed = new CMSSignedData(sealedPackage);
      byte[] envelope = (byte[]) signed.getSignedContent().getContent();
      CMSAuthEnvelopedData enveloped =
          new CMSAuthEnvelopedData(
              new ContentInfo(
                  CMSObjectIdentifiers.authEnvelopedData, AuthEnvelopedData.getInstance(envelope)));
      RecipientInformation recipient =
          enveloped.getRecipientInfos().getRecipients().iterator().next();
      return recipient.getContent(
          new JceKeyAgreeAuthEnvelopedRecipient(agreementKey).setProvider(BC));
    } catch (RuntimeException e) {
      throw new CMSException("the envelope does not open", e);
    }
  }

  /** The receipt as CMS SignedData with the signing certificate inside. */
  byte[] sign(Receipt receipt) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(
                  new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA").setProvider(BC).build(signingKey),
                  signing));
      generator.addCertificates(new JcaCertStore(List.of(signing)));
      return generator
          .generate(
              new CMSProcessableByteArray(
                  SubscriptionFormat.RECEIPT_CONTENT, SubscriptionFormat.encode(receipt)),
              true)
          .toASN1Structure()
          .getEncoded(ASN1Encoding.DER);
    } catch (CMSException | OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the eUICC cannot sign", e);
    }
  }
}
