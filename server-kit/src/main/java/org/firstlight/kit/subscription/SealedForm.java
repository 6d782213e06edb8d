package org.firstlight.kit.subscription;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * The outside of the envelope: one recipient by key agreement, AES-256-GCM, and the same header
 * under the encryption's authentication as under the operator's signature.
 */
final class SealedForm {
  /** id-ct-authEnvelopedData. */
  static final ASN1ObjectIdentifier CONTENT =
      new ASN1ObjectIdentifier("1.2.840.113549.1.9.16.1.23");

  private static final int MAC_BYTES = 16;

  private SealedForm() {}

  static SubscriptionHeader header(SignedMessage message) throws MalformedPackageException {
    byte[] signed = headerIn(message.signer().getSignedAttributes());
    DerScan.check(message.content(), "envelope");
    byte[] authenticated;
    try {
      AuthEnvelopedData envelope = AuthEnvelopedData.getInstance(message.content());
      demand(envelope.getOriginatorInfo() == null && envelope.getUnauthAttrs() == null);
      demand(envelope.getMac().getOctets().length == MAC_BYTES);
      demand(isOneKeyAgreement(envelope.getRecipientInfos()));
      demand(
          NISTObjectIdentifiers.id_aes256_GCM.equals(
              envelope
                  .getAuthEncryptedContentInfo()
                  .getContentEncryptionAlgorithm()
                  .getAlgorithm()));
      demand(envelope.getAuthEncryptedContentInfo().getEncryptedContent() != null);
      ASN1Set attributes = envelope.getAuthAttrs();
      authenticated = headerIn(attributes == null ? null : new AttributeTable(attributes));
    } catch (RuntimeException e) {
      throw notOurs();
    }
    if (!Arrays.equals(signed, authenticated)) {
      throw new MalformedPackageException(
          "the header that is signed is not the one that is sealed");
    }
    return SubscriptionFormat.decodeHeader(signed);
  }

  private static boolean isOneKeyAgreement(ASN1Set recipients) {
    if (recipients.size() != 1
        || !(RecipientInfo.getInstance(recipients.getObjectAt(0)).getInfo()
            instanceof KeyAgreeRecipientInfo recipient)
        || recipient.getRecipientEncryptedKeys().size() != 1) {
      return false;
    }
    AlgorithmIdentifier agreement = recipient.getKeyEncryptionAlgorithm();
    return SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme.equals(agreement.getAlgorithm())
        && NISTObjectIdentifiers.id_aes256_wrap.equals(
            AlgorithmIdentifier.getInstance(agreement.getParameters()).getAlgorithm());
  }

  private static byte[] headerIn(@Nullable AttributeTable attributes)
      throws MalformedPackageException {
    if (attributes == null || attributes.getAll(SubscriptionFormat.HEADER_ATTRIBUTE).size() != 1) {
      throw new MalformedPackageException("the package has no header, or more than one");
    }
    Attribute attribute = attributes.get(SubscriptionFormat.HEADER_ATTRIBUTE);
    if (attribute.getAttrValues().size() != 1) {
      throw new MalformedPackageException("the package has no header, or more than one");
    }
    try {
      return attribute.getAttributeValues()[0].toASN1Primitive().getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw notOurs();
    }
  }

  private static void demand(boolean holds) throws MalformedPackageException {
    if (!holds) {
      throw notOurs();
    }
  }

  private static MalformedPackageException notOurs() {
    return new MalformedPackageException("the envelope is not of the form used here");
  }
}
