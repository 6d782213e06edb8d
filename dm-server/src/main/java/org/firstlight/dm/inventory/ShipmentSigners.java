package org.firstlight.dm.inventory;

import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.Strength;
import org.firstlight.kit.pki.UnreadableCertificateException;

/** The certificates that a manufacturer's shipment lists are signed by. */
public final class ShipmentSigners {
  private static final int MOST = 8;

  private ShipmentSigners() {}

  public static List<X509Certificate> of(Manufacturer manufacturer) {
    return manufacturer.shipmentSigners().stream()
        .flatMap(pem -> ManufacturerDocument.certificates(pem).stream())
        .toList();
  }

  /** Why these may sign no lists; empty if they may. */
  static Optional<String> fault(Manufacturer made, List<Manufacturer> rest) {
    if (made.shipmentSigners().size() > MOST) {
      return Optional.of("shipmentSigners: at most %d".formatted(MOST));
    }
    Set<String> taken = new HashSet<>();
    rest.forEach(one -> of(one).forEach(signer -> taken.add(Certificates.keySha256(signer))));
    Set<String> authorities = new HashSet<>();
    Stream.concat(Stream.of(made), rest.stream())
        .flatMap(one -> one.anchors().stream())
        .flatMap(pem -> ManufacturerDocument.certificates(pem).stream())
        .forEach(anchor -> authorities.add(Certificates.keySha256(anchor)));
    for (int i = 0; i < made.shipmentSigners().size(); i++) {
      Optional<String> fault = fault(made.shipmentSigners().get(i), taken, authorities);
      if (fault.isPresent()) {
        return Optional.of("shipmentSigners[%d]: %s".formatted(i, fault.get()));
      }
    }
    return Optional.empty();
  }

  /** Notes its key as taken. */
  private static Optional<String> fault(String pem, Set<String> taken, Set<String> authorities) {
    X509Certificate signer;
    try {
      List<X509Certificate> all = Certificates.parsePem(pem);
      if (all.size() != 1) {
        return Optional.of("one certificate each is wanted");
      }
      signer = all.get(0);
    } catch (UnreadableCertificateException unreadable) {
      return Optional.ofNullable(unreadable.getMessage());
    }
    String key = Certificates.keySha256(signer);
    if (authorities.contains(key)) {
      return Optional.of("is the key of a CA of devices: give lists a key of their own");
    }
    if (Strength.isWeak(signer.getPublicKey())) {
      return Optional.of("its key is too weak: " + Strength.WANTED);
    }
    return taken.add(key) ? Optional.empty() : Optional.of("is there twice, or another's");
  }
}
