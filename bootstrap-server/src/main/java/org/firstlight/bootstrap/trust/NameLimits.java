package org.firstlight.bootstrap.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.jspecify.annotations.Nullable;

/**
 * The names that an issuing CA may give (RFC 5280 §4.2.1.10). The JDK goes by those of the
 * certificates below an anchor alone; here an anchor is an intermediate of its manufacturer's, and
 * limited by who is above it.
 */
final class NameLimits {
  private NameLimits() {}

  /**
   * Whether all names below the anchor are such as it may give; not if they cannot be read.
   *
   * @param path the device's certificate first, without the anchor
   */
  static boolean allow(X509Certificate anchor, List<X509Certificate> path) {
    byte @Nullable [] extension = anchor.getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return true;
    }
    try {
      NameConstraints limits =
          NameConstraints.getInstance(ASN1OctetString.getInstance(extension).getOctets());
      for (int i = 0; i < path.size(); i++) {
        X509Certificate certificate = path.get(i);
        boolean selfIssued =
            certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        if (i == 0 || !selfIssued) {
          check(validator(limits), certificate);
        }
      }
      return true;
    } catch (NameConstraintValidatorException | RuntimeException outside) {
      return false;
    }
  }

  private static PKIXNameConstraintValidator validator(NameConstraints limits) {
    PKIXNameConstraintValidator validator = new PKIXNameConstraintValidator();
    GeneralSubtree @Nullable [] permitted = limits.getPermittedSubtrees();
    if (permitted != null) {
      validator.intersectPermittedSubtree(permitted);
    }
    GeneralSubtree @Nullable [] excluded = limits.getExcludedSubtrees();
    if (excluded != null) {
      for (GeneralSubtree one : excluded) {
        validator.addExcludedSubtree(one);
      }
    }
    return validator;
  }

  private static void check(PKIXNameConstraintValidator validator, X509Certificate certificate)
      throws NameConstraintValidatorException {
    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    if (subject.size() > 0) {
      validator.checkPermittedDN(subject);
      validator.checkExcludedDN(subject);
    }
    byte @Nullable [] names =
        certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
    if (names != null) {
      byte[] inner = ASN1OctetString.getInstance(names).getOctets();
      for (GeneralName name : GeneralNames.getInstance(inner).getNames()) {
        validator.checkPermitted(name);
        validator.checkExcluded(name);
      }
    }
  }
}
