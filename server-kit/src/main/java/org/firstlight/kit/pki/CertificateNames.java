package org.firstlight.kit.pki;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.trust.IdentityRule;

/**
 * The names in a certificate, read from its ASN.1 and never from its text form. Each answer lists
 * every match: who needs one takes the list of exactly one, and refuses any other.
 */
public final class CertificateNames {
  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

  private CertificateNames() {}

  /** Everything that the rule points at. */
  public static List<String> matching(X509Certificate certificate, IdentityRule rule) {
    return switch (rule) {
      case SAN_URI -> sanUris(certificate);
      case HARDWARE_MODULE_NAME -> hardwareModuleNames(certificate);
      case SUBJECT_SERIAL_NUMBER -> subject(certificate, BCStyle.SERIALNUMBER);
      case COMMON_NAME -> commonNames(certificate);
    };
  }

  public static List<String> commonNames(X509Certificate certificate) {
    return subject(certificate, BCStyle.CN);
  }

  /** Subject serialNumber (2.5.4.5), where an eUICC's certificate has its EID. */
  public static List<String> serialNumbers(X509Certificate certificate) {
    return subject(certificate, BCStyle.SERIALNUMBER);
  }

  /** Subject organizationIdentifier (2.5.4.97), where an operator's certificate has its id. */
  public static List<String> organizationIdentifiers(X509Certificate certificate) {
    return subject(certificate, BCStyle.ORGANIZATION_IDENTIFIER);
  }

  public static List<String> sanUris(X509Certificate certificate) {
    return alternativeNames(
        certificate,
        name ->
            name.getTagNo() == GeneralName.uniformResourceIdentifier
                ? Optional.of(((ASN1String) name.getName()).getString())
                : Optional.empty());
  }

  /** Where a server may be found that shows it. */
  public static List<String> dnsNames(X509Certificate certificate) {
    return alternativeNames(
        certificate,
        name ->
            name.getTagNo() == GeneralName.dNSName
                ? Optional.of(((ASN1String) name.getName()).getString())
                : Optional.empty());
  }

  /** {@code hwType-hwSerialNum}, the number in hex (RFC 4108 §5). */
  public static List<String> hardwareModuleNames(X509Certificate certificate) {
    return alternativeNames(certificate, CertificateNames::hardwareModuleName);
  }

  /**
   * The endpoint that an operational certificate of ours is for: its one CN, and the same as SAN
   * URI where it has one.
   */
  public static Optional<EndpointName> endpointName(X509Certificate certificate) {
    List<String> names = commonNames(certificate);
    List<String> uris = sanUris(certificate);
    if (names.size() != 1
        || EndpointName.fault(names.get(0)).isPresent()
        || !(uris.isEmpty() || uris.equals(names))) {
      return Optional.empty();
    }
    return Optional.of(new EndpointName(names.get(0)));
  }

  /** None where the subject is broken: the JDK reads some names that are none. */
  private static List<String> subject(X509Certificate certificate, ASN1ObjectIdentifier type) {
    try {
      X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      return Arrays.stream(subject.getRDNs())
          .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
          .filter(attribute -> attribute.getType().equals(type))
          .map(attribute -> ((ASN1String) attribute.getValue()).getString())
          .toList();
    } catch (RuntimeException e) {
      return List.of();
    }
  }

  /** None where the extension is broken: a name that cannot be read vouches for nothing. */
  private static List<String> alternativeNames(
      X509Certificate certificate, Function<GeneralName, Optional<String>> wanted) {
    byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
    if (extension == null) {
      return List.of();
    }
    try {
      byte[] inner = ASN1OctetString.getInstance(extension).getOctets();
      return Arrays.stream(GeneralNames.getInstance(ASN1Primitive.fromByteArray(inner)).getNames())
          .flatMap(name -> wanted.apply(name).stream())
          .toList();
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  private static Optional<String> hardwareModuleName(GeneralName name) {
    if (name.getTagNo() != GeneralName.otherName) {
      return Optional.empty();
    }
    OtherName other = OtherName.getInstance(name.getName());
    if (!HARDWARE_MODULE_NAME.equals(other.getTypeID())) {
      return Optional.empty();
    }
    ASN1Sequence module = ASN1Sequence.getInstance(other.getValue());
    if (module.size() != 2) {
      throw new IllegalArgumentException("a hardwareModuleName has two fields");
    }
    ASN1ObjectIdentifier type = ASN1ObjectIdentifier.getInstance(module.getObjectAt(0));
    byte[] serial = ASN1OctetString.getInstance(module.getObjectAt(1)).getOctets();
    return Optional.of(type.getId() + "-" + HexFormat.of().formatHex(serial));
  }
}
