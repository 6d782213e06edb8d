package org.firstlight.bootstrap.trust;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.trust.IdentityRule;

/** Reads a device's factory id from its certificate, where its manufacturer's rule says. */
final class FactoryIds {
  /** RFC 4108 §5. */
  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

  /**
   * The one id that the rule finds. A hardwareModuleName reads {@code <type OID>-<serial in hex>}.
   *
   * @throws IllegalArgumentException says in words why there is not exactly one good id
   */
  static String read(IdentityRule rule, X509Certificate certificate) {
    List<String> found =
        switch (rule) {
          case COMMON_NAME -> subject(certificate, BCStyle.CN);
          case SUBJECT_SERIAL_NUMBER -> subject(certificate, BCStyle.SERIALNUMBER);
          case SAN_URI -> uris(certificate);
          case HARDWARE_MODULE_NAME -> hardwareModules(certificate);
        };
    String what = words(rule);
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "its certificate has %s %s, one is wanted"
              .formatted(found.isEmpty() ? "no" : Integer.toString(found.size()), what));
    }
    EndpointName.fault(found.get(0))
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(
                  "its certificate's %s cannot be an id: %s"
                      .formatted(what, fault.replace("endpoint name", "it")));
            });
    return found.get(0);
  }

  private static String words(IdentityRule rule) {
    return switch (rule) {
      case COMMON_NAME -> "CN";
      case SUBJECT_SERIAL_NUMBER -> "subject serialNumber";
      case SAN_URI -> "SAN URI";
      case HARDWARE_MODULE_NAME -> "hardwareModuleName";
    };
  }

  private static List<String> subject(X509Certificate certificate, ASN1ObjectIdentifier type) {
    X500Name name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    return Arrays.stream(name.getRDNs())
        .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
        .filter(attribute -> attribute.getType().equals(type))
        .map(AttributeTypeAndValue::getValue)
        .map(FactoryIds::text)
        .toList();
  }

  private static List<String> uris(X509Certificate certificate) {
    return alternativeNames(certificate).stream()
        .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
        .map(name -> text(name.getName()))
        .toList();
  }

  private static List<String> hardwareModules(X509Certificate certificate) {
    List<String> found = new ArrayList<>();
    for (GeneralName name : alternativeNames(certificate)) {
      if (name.getTagNo() == GeneralName.otherName) {
        OtherName other = OtherName.getInstance(name.getName());
        if (other.getTypeID().equals(HARDWARE_MODULE_NAME)) {
          found.add(hardwareModule(other.getValue()));
        }
      }
    }
    return found;
  }

  private static String hardwareModule(ASN1Encodable value) {
    ASN1Sequence module = ASN1Sequence.getInstance(value);
    if (module.size() != 2) {
      throw new IllegalArgumentException("its certificate's hardwareModuleName is malformed");
    }
    String type = ASN1ObjectIdentifier.getInstance(module.getObjectAt(0)).getId();
    byte[] serial = ASN1OctetString.getInstance(module.getObjectAt(1)).getOctets();
    return type + "-" + HexFormat.of().formatHex(serial);
  }

  private static List<GeneralName> alternativeNames(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(Extension.subjectAlternativeName.getId());
    if (extension == null) {
      return List.of();
    }
    try {
      ASN1Object names =
          ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(extension).getOctets());
      return List.of(GeneralNames.getInstance(names).getNames());
    } catch (IOException malformed) {
      throw new IllegalArgumentException("its certificate's subject alternative name is malformed");
    }
  }

  private static String text(ASN1Encodable value) {
    if (value instanceof ASN1String string) {
      return string.getString();
    }
    throw new IllegalArgumentException("its certificate has a name that is no text");
  }

  private FactoryIds() {}
}
