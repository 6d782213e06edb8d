package org.firstlight.kit.subscription;

import java.io.IOException;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1NumericString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERNumericString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.firstlight.fleet.device.Eid;

/**
 * The ASN.1 of header and receipt, both ways; one encoding for operator, platform and eUICC. There
 * is exactly one encoding of each: what does not encode back to the same bytes is refused.
 *
 * <pre>
 * SubscriptionHeader ::= SEQUENCE { version INTEGER (1), packageId OCTET STRING (16),
 *   operatorId UTF8String, eid NumericString (32), recipientCertSha256 OCTET STRING (32),
 *   counter INTEGER, notBefore GeneralizedTime, notAfter GeneralizedTime,
 *   action ENUMERATED, previousPackageId [0] IMPLICIT OCTET STRING (16) OPTIONAL }
 * Receipt ::= SEQUENCE { packageId OCTET STRING (16), result ENUMERATED, counter INTEGER,
 *   packageSha256 OCTET STRING (32), time GeneralizedTime, iccid UTF8String OPTIONAL }
 * </pre>
 */
public final class SubscriptionFormat {
  /** A package beyond this is refused unread. */
  public static final int MAX_PACKAGE_BYTES = 128 * 1024;

  /** A receipt beyond this is refused unread. */
  public static final int MAX_RECEIPT_BYTES = 16 * 1024;

  /** Type of the attribute that carries the header, under the documentation PEN (RFC 5612). */
  public static final ASN1ObjectIdentifier HEADER_ATTRIBUTE =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.505.1");

  /** eContentType of a receipt. */
  public static final ASN1ObjectIdentifier RECEIPT_CONTENT =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.505.2");

  private static final int VERSION = 1;
  private static final int MAX_ENCODED_BYTES = 1024;
  private static final DateTimeFormatter GENERALIZED_TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SubscriptionFormat() {}

  /** The header as ASN.1, for an attribute's value. */
  public static ASN1Sequence toAsn1(SubscriptionHeader header) {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(new ASN1Integer(VERSION));
    fields.add(octets(header.packageId()));
    fields.add(new DERUTF8String(header.operatorId()));
    fields.add(new DERNumericString(header.eid().value()));
    fields.add(octets(header.recipientCertSha256()));
    fields.add(new ASN1Integer(header.counter()));
    fields.add(time(header.notBefore()));
    fields.add(time(header.notAfter()));
    fields.add(new ASN1Enumerated(header.action().ordinal()));
    header
        .previousPackageId()
        .ifPresent(id -> fields.add(new DERTaggedObject(false, 0, octets(id))));
    return new DERSequence(fields);
  }

  /** DER of the header. */
  public static byte[] encode(SubscriptionHeader header) {
    return der(toAsn1(header));
  }

  /**
   * @throws MalformedPackageException if it is not the one encoding of a header
   */
  public static SubscriptionHeader decodeHeader(byte[] der) throws MalformedPackageException {
    return decode(der, "header", SubscriptionFormat::header, SubscriptionFormat::encode);
  }

  /** DER of the receipt, which is the eContent of its SignedData. */
  public static byte[] encode(Receipt receipt) {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(octets(receipt.packageId()));
    fields.add(new ASN1Enumerated(receipt.result().ordinal()));
    fields.add(new ASN1Integer(receipt.counter()));
    fields.add(octets(receipt.packageSha256()));
    fields.add(time(receipt.time()));
    receipt.iccid().ifPresent(iccid -> fields.add(new DERUTF8String(iccid)));
    return der(new DERSequence(fields));
  }

  /**
   * @throws MalformedPackageException if it is not the one encoding of a receipt
   */
  public static Receipt decodeReceipt(byte[] der) throws MalformedPackageException {
    return decode(der, "receipt", SubscriptionFormat::receipt, SubscriptionFormat::encode);
  }

  private static SubscriptionHeader header(ASN1Sequence fields) throws ParseException {
    if (integer(fields, 0) != VERSION) {
      throw new IllegalArgumentException("another version");
    }
    Optional<String> previous = Optional.empty();
    if (fields.size() == 10) {
      ASN1TaggedObject tagged = ASN1TaggedObject.getInstance(fields.getObjectAt(9), 128, 0);
      previous = Optional.of(hex(ASN1OctetString.getInstance(tagged, false)));
    } else if (fields.size() != 9) {
      throw new IllegalArgumentException("another number of fields");
    }
    return new SubscriptionHeader(
        hex(ASN1OctetString.getInstance(fields.getObjectAt(1))),
        ASN1UTF8String.getInstance(fields.getObjectAt(2)).getString(),
        new Eid(ASN1NumericString.getInstance(fields.getObjectAt(3)).getString()),
        hex(ASN1OctetString.getInstance(fields.getObjectAt(4))),
        integer(fields, 5),
        instant(fields, 6),
        instant(fields, 7),
        SubscriptionHeader.Action.values()[ordinal(fields, 8)],
        previous);
  }

  private static Receipt receipt(ASN1Sequence fields) throws ParseException {
    if (fields.size() < 5 || fields.size() > 6) {
      throw new IllegalArgumentException("another number of fields");
    }
    return new Receipt(
        hex(ASN1OctetString.getInstance(fields.getObjectAt(0))),
        Receipt.Result.values()[ordinal(fields, 1)],
        integer(fields, 2),
        hex(ASN1OctetString.getInstance(fields.getObjectAt(3))),
        instant(fields, 4),
        fields.size() == 6
            ? Optional.of(ASN1UTF8String.getInstance(fields.getObjectAt(5)).getString())
            : Optional.empty());
  }

  private interface Reader<T> {
    T read(ASN1Sequence fields) throws ParseException;
  }

  private static <T> T decode(byte[] der, String what, Reader<T> reader, Function<T, byte[]> writer)
      throws MalformedPackageException {
    if (der.length > MAX_ENCODED_BYTES) {
      throw new MalformedPackageException("the %s is too large".formatted(what));
    }
    T value;
    try {
      value = reader.read(ASN1Sequence.getInstance(der));
    } catch (ParseException | RuntimeException e) {
      // what Bouncy Castle and the records themselves refuse
      throw new MalformedPackageException("the %s does not have its form".formatted(what));
    }
    if (!Arrays.equals(writer.apply(value), der)) {
      throw new MalformedPackageException("the %s is not in DER".formatted(what));
    }
    return value;
  }

  private static DEROctetString octets(String hex) {
    return new DEROctetString(HexFormat.of().parseHex(hex));
  }

  private static String hex(ASN1OctetString octets) {
    return HexFormat.of().formatHex(octets.getOctets());
  }

  private static long integer(ASN1Sequence fields, int index) {
    return ASN1Integer.getInstance(fields.getObjectAt(index)).longValueExact();
  }

  private static int ordinal(ASN1Sequence fields, int index) {
    return ASN1Enumerated.getInstance(fields.getObjectAt(index)).intValueExact();
  }

  private static DERGeneralizedTime time(Instant instant) {
    return new DERGeneralizedTime(GENERALIZED_TIME.format(instant));
  }

  private static Instant instant(ASN1Sequence fields, int index) throws ParseException {
    return ASN1GeneralizedTime.getInstance(fields.getObjectAt(index)).getDate().toInstant();
  }

  private static byte[] der(ASN1Sequence sequence) {
    try {
      return sequence.getEncoded(ASN1Encoding.DER);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
  }
}
