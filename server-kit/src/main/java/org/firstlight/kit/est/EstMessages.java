package org.firstlight.kit.est;

import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAbsentContent;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedDataGenerator;

/** What EST answers with, in DER (RFC 9148 §4.3). */
public final class EstMessages {
  private EstMessages() {}

  /** PKCS#7 with certificates alone, content format 281. */
  public static byte[] certsOnly(List<X509Certificate> certificates) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addCertificates(new JcaCertStore(certificates));
      return generator.generate(new CMSAbsentContent()).getEncoded("DER");
    } catch (CMSException | CertificateEncodingException | IOException e) {
      throw new IllegalStateException("certificates could not be put together", e);
    }
  }

  /** What a request should have: a key on P-256, signed by ECDSA with SHA-256 (RFC 7030 §4.5.2). */
  public static byte[] attributes() {
    ASN1EncodableVector all = new ASN1EncodableVector();
    all.add(
        new Attribute(
            X9ObjectIdentifiers.id_ecPublicKey, new DERSet(SECObjectIdentifiers.secp256r1)));
    all.add(X9ObjectIdentifiers.ecdsa_with_SHA256);
    try {
      return new DERSequence(all).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("the attributes could not be written", e);
    }
  }
}
