package org.firstlight.bootstrap.main;

import static org.firstlight.bootstrap.main.Row.denied;
import static org.firstlight.bootstrap.main.Row.refused;
import static org.firstlight.bootstrap.main.Row.trusted;

import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.Wish;
import org.firstlight.fleet.trust.IdentityRule;

/** The one place where a manufacturer's rule finds a device's id, and what else may stand there. */
final class NameRows {
  private static final FactoryCa CN = FactoryCa.root("CN CA");
  private static final FactoryCa URI = FactoryCa.root("URI CA");
  private static final FactoryCa SERIAL = FactoryCa.root("Serial CA");
  private static final FactoryCa HARDWARE = FactoryCa.root("Hardware CA");
  private static final Maker BY_CN = Maker.of("by-cn", CN);
  private static final Maker BY_URI = Maker.of("by-uri", URI).by(IdentityRule.SAN_URI);
  private static final Maker BY_SERIAL =
      Maker.of("by-serial", SERIAL).by(IdentityRule.SUBJECT_SERIAL_NUMBER);
  private static final String TYPE = "1.3.6.1.4.1.32473.1";
  private static final Maker BY_HARDWARE =
      Maker.of("by-hardware", HARDWARE).by(IdentityRule.HARDWARE_MODULE_NAME).making(TYPE);

  private NameRows() {}

  static List<Row> all() {
    return Stream.of(commonNames(), uris(), serialNumbers(), hardware(), namespaces())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Row> commonNames() {
    return List.of(
        refused("no_cn", BY_CN, CN.issue("O=none"), "its certificate has no CN, one is wanted"),
        refused("two_cns", BY_CN, CN.issue("CN=one,CN=two"), "its certificate has 2 CN"),
        refused("two_cns_in_one_rdn", BY_CN, CN.issue("CN=a+CN=b"), "its certificate has 2 CN"),
        refused(
            "cn_with_a_comma", BY_CN, CN.issue("CN=odd\\,one"), "its certificate's CN cannot be"),
        refused(
            "cn_with_a_zero_byte",
            BY_CN,
            CN.issue(Wish.of(utf8("victim\0.evil"))),
            "its certificate's CN cannot be an id"),
        refused(
            "cn_that_is_too_long",
            BY_CN,
            CN.issue(Wish.of(utf8("x".repeat(300)))),
            "its certificate's CN cannot be an id"),
        refused(
            "cn_in_the_alternative_name_alone",
            BY_CN,
            CN.issue(san(Wish.of("O=san-alone"), uri("urn:by-cn:1"))),
            "its certificate has no CN"));
  }

  private static X500Name utf8(String commonName) {
    return new X500Name(new RDN[] {new RDN(BCStyle.CN, new DERUTF8String(commonName))});
  }

  private static List<Row> uris() {
    return List.of(
        trusted("one_uri", BY_URI, URI.issue(san(Wish.of("CN=x"), uri("urn:by-uri:1")))),
        // RFC 5280 §4.2.1.6: without a subject the alternative name is critical
        trusted(
            "uri_without_a_subject",
            BY_URI,
            URI.issue(
                Wish.of(new X500Name(new RDN[0]))
                    .with(
                        Extension.subjectAlternativeName,
                        true,
                        new GeneralNames(uri("urn:by-uri:2"))))),
        refused("no_uri", BY_URI, URI.issue("CN=urn:by-uri:3"), "its certificate has no SAN URI"),
        refused(
            "name_of_a_host",
            BY_URI,
            URI.issue(
                san(Wish.of("CN=host"), new GeneralName(GeneralName.dNSName, "urn.by-uri.4"))),
            "its certificate has no SAN URI"),
        refused(
            "two_uris",
            BY_URI,
            URI.issue(san(Wish.of("CN=2-uris"), uri("urn:by-uri:5"), uri("urn:by-uri:6"))),
            "its certificate has 2 SAN URI"),
        refused(
            "uri_with_a_slash_alone",
            BY_URI,
            URI.issue(san(Wish.of("CN=odd-uri"), uri("urn:by uri"))),
            "its certificate's SAN URI cannot be an id"),
        refused(
            "alternative_name_that_cannot_be_read",
            BY_URI,
            URI.issue(
                Wish.of("CN=garbled-san")
                    .with(
                        builder ->
                            builder.addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new byte[] {0x30, 0x03, (byte) 0x86, 0x05, 0x41}))),
            "its certificate has no SAN URI"));
  }

  private static List<Row> serialNumbers() {
    return List.of(
        trusted("one_serial_number", BY_SERIAL, SERIAL.issue("SERIALNUMBER=1,CN=same")),
        refused(
            "no_serial_number",
            BY_SERIAL,
            SERIAL.issue("CN=no-serial"),
            "its certificate has no subject serialNumber"),
        refused(
            "two_serial_numbers",
            BY_SERIAL,
            SERIAL.issue("SERIALNUMBER=1,SERIALNUMBER=2"),
            "its certificate has 2 subject serialNumber"));
  }

  private static List<Row> hardware() {
    return List.of(
        trusted("hardware_of_the_type", BY_HARDWARE, HARDWARE.issue(module("made", TYPE))),
        refused(
            "hardware_of_another_type",
            BY_HARDWARE,
            HARDWARE.issue(module("other-type", "1.3.6.1.4.1.32473.2")),
            "its hardware '1.3.6.1.4.1.32473.2-0a' is of no type that manufacturer"),
        refused(
            "hardware_of_a_type_that_begins_the_same",
            BY_HARDWARE,
            HARDWARE.issue(module("longer-type", TYPE + "1")),
            "is of no type that manufacturer 'by-hardware' makes"),
        refused(
            "no_hardware",
            BY_HARDWARE,
            HARDWARE.issue("CN=no-hardware"),
            "its certificate has no hardwareModuleName"),
        refused(
            "two_hardware_modules",
            BY_HARDWARE,
            HARDWARE.issue(
                san(Wish.of("CN=2-modules"), other(TYPE, new byte[1]), other(TYPE, new byte[2]))),
            "its certificate has 2 hardwareModuleName"),
        refused(
            "hardware_without_a_number",
            BY_HARDWARE,
            HARDWARE.issue(
                san(Wish.of("CN=half"), other(new DERSequence(new ASN1ObjectIdentifier(TYPE))))),
            "its certificate has no hardwareModuleName"));
  }

  private static Wish module(String name, String type) {
    return san(Wish.of("CN=" + name), other(type, new byte[] {0x0a}));
  }

  private static GeneralName other(String type, byte[] serial) {
    return other(
        new DERSequence(
            new ASN1Encodable[] {new ASN1ObjectIdentifier(type), new DEROctetString(serial)}));
  }

  private static GeneralName other(DERSequence module) {
    return new GeneralName(
        GeneralName.otherName,
        new OtherName(new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4"), module));
  }

  private static GeneralName uri(String uri) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
  }

  private static Wish san(Wish wish, GeneralName... names) {
    return wish.with(Extension.subjectAlternativeName, false, new GeneralNames(names));
  }

  private static List<Row> namespaces() {
    FactoryCa roaming = FactoryCa.root("Roaming CA");
    FactoryCa shared = FactoryCa.root("Shared CA");
    return List.of(
        denied(
            "endpoint_outside_the_namespace",
            Maker.of("roaming", roaming).naming("roamer", "urn:elsewhere:1"),
            roaming.issue("CN=roamer"),
            "its certificate's id lies outside its manufacturer's namespace"),
        denied(
            "leaf_of_another_manufacturer",
            Maker.of("foreign", shared),
            shared.issue("CN=urn:by-cn:victim"),
            "its credential is not that endpoint's"));
  }
}
