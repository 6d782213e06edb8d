package org.firstlight.kit.est;

import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** Names, read from their ASN.1 and never from a text form. */
final class DistinguishedNames {
  private DistinguishedNames() {}

  static Optional<String> onlyCommonName(X500Principal subject) {
    RDN[] rdns = X500Name.getInstance(subject.getEncoded()).getRDNs();
    if (rdns.length != 1
        || rdns[0].isMultiValued()
        || !rdns[0].getFirst().getType().equals(BCStyle.CN)
        || !(rdns[0].getFirst().getValue() instanceof ASN1String text)) {
      return Optional.empty();
    }
    return Optional.of(text.getString());
  }
}
