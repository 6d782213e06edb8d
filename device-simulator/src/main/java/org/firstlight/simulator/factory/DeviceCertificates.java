package org.firstlight.simulator.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.firstlight.fleet.trust.IdentityRule;

/** Puts a device's id where the manufacturer's identity rule looks for it. */
final class DeviceCertificates {
  /** RFC 4108 §5: SAN otherName of type hardwareModuleName. */
  private static final ASN1ObjectIdentifier HARDWARE_MODULE_NAME =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4");

  /** Hardware type under the enterprise number kept for documentation (RFC 5612). */
  private static final ASN1ObjectIdentifier HARDWARE_TYPE =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1.1");

  private DeviceCertificates() {}

  /** What this rule will yield for such a device's certificate. */
  static String factoryId(IdentityRule rule, String endpointName, String serialNumber) {
    return switch (rule) {
      case SAN_URI -> endpointName;
      case COMMON_NAME, SUBJECT_SERIAL_NUMBER -> serialNumber;
      case HARDWARE_MODULE_NAME ->
          HARDWARE_TYPE + "-" + HexFormat.of().formatHex(serialNumber.getBytes(US_ASCII));
    };
  }

  /** A factory certificate's content: never expires, one identity by the rule. */
  static Leaf leaf(IdentityRule rule, String factoryId, String serialNumber, Instant now) {
    Instant from = now.minusSeconds(3600);
    return switch (rule) {
      case COMMON_NAME -> new Leaf(name(BCStyle.CN, factoryId), from, Authority.NEVER);
      case SUBJECT_SERIAL_NUMBER ->
          new Leaf(name(BCStyle.SERIALNUMBER, factoryId), from, Authority.NEVER);
      case SAN_URI ->
          new Leaf(name(BCStyle.CN, serialNumber), from, Authority.NEVER)
              .with(new GeneralName(GeneralName.uniformResourceIdentifier, factoryId));
      case HARDWARE_MODULE_NAME ->
          new Leaf(name(BCStyle.CN, serialNumber), from, Authority.NEVER)
              .with(hardwareModuleName(serialNumber));
    };
  }

  private static X500Name name(ASN1ObjectIdentifier type, String value) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(type, value).build();
  }

  private static GeneralName hardwareModuleName(String serial) {
    ASN1EncodableVector module = new ASN1EncodableVector();
    module.add(HARDWARE_TYPE);
    module.add(new DEROctetString(serial.getBytes(US_ASCII)));
    ASN1EncodableVector other = new ASN1EncodableVector();
    other.add(HARDWARE_MODULE_NAME);
    other.add(new DERTaggedObject(true, 0, new DERSequence(module)));
    return new GeneralName(GeneralName.otherName, new DERSequence(other));
  }
}
