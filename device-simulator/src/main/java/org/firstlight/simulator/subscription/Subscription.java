package org.firstlight.simulator.subscription;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;

/**
 * A 3GPP subscription in clear. Its text form names the ICCID alone.
 *
 * <pre>
 * SubscriptionContent ::= SEQUENCE { iccid UTF8String, imsi UTF8String, k OCTET STRING,
 *   opc OCTET STRING, acc INTEGER, plmns SEQUENCE OF UTF8String,
 *   pin [0] UTF8String OPTIONAL, puk [1] UTF8String OPTIONAL }
 * </pre>
 *
 * @param imsi 14 or 15 digits
 * @param k 16 bytes
 * @param opc 16 bytes
 * @param acc access control class, 0 to 15
 * @param plmns MCC and MNC digits, best first
 */
public record Subscription(
    String iccid,
    String imsi,
    byte[] k,
    byte[] opc,
    int acc,
    List<String> plmns,
    Optional<String> pin,
    Optional<String> puk) {

  public Subscription {
    require(iccid.matches("[0-9]{19,20}"), "the ICCID has 19 or 20 digits");
    require(imsi.matches("[0-9]{14,15}"), "the IMSI has 14 or 15 digits");
    require(k.length == 16, "K has 16 bytes, 32 hex digits");
    require(opc.length == 16, "OPc has 16 bytes, 32 hex digits");
    require(acc >= 0 && acc <= 15, "the access control class is 0 to 15");
    for (String plmn : plmns) {
      require(plmn.matches("[0-9]{5,6}"), "a PLMN is 5 or 6 digits, MCC and MNC");
    }
    require(pin.isEmpty() || pin.get().matches("[0-9]{4,8}"), "the PIN has 4 to 8 digits");
    require(puk.isEmpty() || puk.get().matches("[0-9]{8}"), "the PUK has 8 digits");
    k = k.clone();
    opc = opc.clone();
    plmns = List.copyOf(plmns);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  @Override
  public byte[] k() {
    return k.clone();
  }

  @Override
  public byte[] opc() {
    return opc.clone();
  }

  /** DER of {@code SubscriptionContent}. */
  public byte[] toDer() {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(new DERUTF8String(iccid));
    fields.add(new DERUTF8String(imsi));
    fields.add(new DEROctetString(k));
    fields.add(new DEROctetString(opc));
    fields.add(new ASN1Integer(acc));
    fields.add(
        new DERSequence(plmns.stream().map(DERUTF8String::new).toArray(ASN1Encodable[]::new)));
    pin.ifPresent(text -> fields.add(new DERTaggedObject(0, new DERUTF8String(text))));
    puk.ifPresent(text -> fields.add(new DERTaggedObject(1, new DERUTF8String(text))));
    try {
      return new DERSequence(fields).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException if this is no such content; the message tells none of it
   */
  public static Subscription fromDer(byte[] der) {
    try {
      ASN1Sequence fields = ASN1Sequence.getInstance(der);
      require(fields.size() >= 6 && fields.size() <= 8, "6 to 8 fields");
      List<String> plmns = new ArrayList<>();
      for (ASN1Encodable plmn : ASN1Sequence.getInstance(fields.getObjectAt(5))) {
        plmns.add(ASN1UTF8String.getInstance(plmn).getString());
      }
      return new Subscription(
          ASN1UTF8String.getInstance(fields.getObjectAt(0)).getString(),
          ASN1UTF8String.getInstance(fields.getObjectAt(1)).getString(),
          ASN1OctetString.getInstance(fields.getObjectAt(2)).getOctets(),
          ASN1OctetString.getInstance(fields.getObjectAt(3)).getOctets(),
          ASN1Integer.getInstance(fields.getObjectAt(4)).intValueExact(),
          plmns,
          optional(fields, 0),
          optional(fields, 1));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not a subscription");
    }
  }

  private static Optional<String> optional(ASN1Sequence fields, int tag) {
    for (int i = 6; i < fields.size(); i++) {
      ASN1TaggedObject tagged = ASN1TaggedObject.getInstance(fields.getObjectAt(i));
      if (tagged.hasContextTag(tag)) {
        return Optional.of(ASN1UTF8String.getInstance(tagged, true).getString());
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "Subscription[iccid=" + iccid + "]";
  }
}
