package org.firstlight.kit.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;

/**
 * What a CRL of ours says (RFC 5280 §5).
 *
 * @param number higher than that of any list of the CA before it
 */
public record IssuedRevocationList(
    long number, Instant thisUpdate, Instant nextUpdate, List<Entry> entries) {
  public IssuedRevocationList {
    entries = List.copyOf(entries);
  }

  /**
   * @param serialNumber hex
   * @param reason CRLReason; 0 is left out, as §5.3.1 wants it
   */
  public record Entry(String serialNumber, Instant revokedAt, int reason) {}

  byte[] signed(X509Certificate issuer, ContentSigner signer) throws GeneralSecurityException {
    X509v2CRLBuilder builder =
        new X509v2CRLBuilder(
            X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
            Date.from(thisUpdate));
    builder.setNextUpdate(Date.from(nextUpdate));
    for (Entry entry : entries) {
      BigInteger serialNumber = new BigInteger(entry.serialNumber(), 16);
      builder.addCRLEntry(serialNumber, Date.from(entry.revokedAt()), entry.reason());
    }
    try {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey()));
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
      return builder.build(signer).getEncoded();
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
