package org.firstlight.simulator.factory;

import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What an end-entity certificate says; tests make odd ones with it.
 *
 * @param names subject alternative names; empty for none
 * @param keyUsage bits of {@link KeyUsage}
 */
public record Leaf(
    X500Name subject, List<GeneralName> names, Instant notBefore, Instant notAfter, int keyUsage) {

  public Leaf {
    names = List.copyOf(names);
  }

  /** A signing certificate without alternative names. */
  public Leaf(X500Name subject, Instant notBefore, Instant notAfter) {
    this(subject, List.of(), notBefore, notAfter, KeyUsage.digitalSignature);
  }

  public Leaf with(GeneralName name) {
    return new Leaf(subject, List.of(name), notBefore, notAfter, keyUsage);
  }

  public Leaf withKeyUsage(int bits) {
    return new Leaf(subject, names, notBefore, notAfter, bits);
  }
}
