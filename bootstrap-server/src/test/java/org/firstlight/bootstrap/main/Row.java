package org.firstlight.bootstrap.main;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.kit.pki.Certificates;

/**
 * A device that comes with certificates that a factory should or should not have made.
 *
 * @param chain DER, as it is sent
 * @param outcome the reason that people read; for one that is let in, what the device is told
 */
record Row(String name, Maker maker, PrivateKey key, List<byte[]> chain, End end, String outcome) {
  /** How far it comes. */
  enum End {
    HANDSHAKE,
    REQUEST,
    TRUSTED
  }

  static final String TRUSTED = "no such device is expected here";

  /** Its handshake fails, for this reason. */
  static Row refused(String name, Maker maker, Factory device, String reason) {
    return of(name, maker, device, End.HANDSHAKE, reason);
  }

  /** Its Bootstrap-Request is refused, for this reason. */
  static Row denied(String name, Maker maker, Factory device, String reason) {
    return of(name, maker, device, End.REQUEST, reason);
  }

  /** All is well with it: it is only not in stock. */
  static Row trusted(String name, Maker maker, Factory device) {
    return of(name, maker, device, End.TRUSTED, TRUSTED);
  }

  private static Row of(String name, Maker maker, Factory device, End end, String outcome) {
    return new Row(name, maker, device.key(), der(device.chain()), end, outcome);
  }

  static List<byte[]> der(List<X509Certificate> chain) {
    return chain.stream().map(Certificates::der).toList();
  }

  @Override
  public String toString() {
    return name;
  }
}
