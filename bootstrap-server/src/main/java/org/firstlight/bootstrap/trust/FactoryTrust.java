package org.firstlight.bootstrap.trust;

import static org.firstlight.bootstrap.trust.Verdict.no;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Trusted;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.trust.FactoryIdentity;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.Certificates;

/**
 * The trust that every manufacturer's record gives, at one moment. Immutable: a changed record
 * makes a new one.
 */
public final class FactoryTrust {
  /** A leaf, and intermediates to any depth that a manufacturer may sanely allow. */
  private static final int LONGEST_CHAIN = 6;

  /** An issuing CA that a manufacturer is trusted for. */
  private record Anchor(Manufacturer manufacturer, X509Certificate certificate) {}

  private final List<Anchor> anchors;

  private FactoryTrust(List<Anchor> anchors) {
    this.anchors = List.copyOf(anchors);
  }

  /** Trust of these records; an anchor that cannot be read gives none. */
  public static FactoryTrust of(List<Manufacturer> manufacturers) {
    List<Anchor> anchors = new ArrayList<>();
    for (Manufacturer manufacturer : manufacturers) {
      for (String pem : manufacturer.anchors()) {
        Chains.parse(pem, manufacturer.id())
            .forEach(certificate -> anchors.add(new Anchor(manufacturer, certificate)));
      }
    }
    return new FactoryTrust(anchors);
  }

  /**
   * Judges what a device sent.
   *
   * @param chain its certificate first, then intermediates if it sends any
   */
  public Verdict judge(List<X509Certificate> chain, Instant now) {
    if (chain.isEmpty()) {
      return no(Cause.BAD_CERTIFICATE, "it sent no certificate");
    }
    if (chain.size() > LONGEST_CHAIN) {
      return no(Cause.BAD_CERTIFICATE, "it sent %d certificates".formatted(chain.size()));
    }
    List<Anchor> vouching =
        anchors.stream().filter(anchor -> Chains.leadsTo(chain, anchor.certificate())).toList();
    if (vouching.isEmpty()) {
      return no(
          Cause.UNKNOWN_CA,
          "no manufacturer has its issuing CA '%s'".formatted(Chains.issuerOf(chain)));
    }
    List<String> names = vouching.stream().map(a -> a.manufacturer().id()).distinct().toList();
    if (names.size() > 1) {
      return no(
          Cause.UNKNOWN_CA, "its issuing CA is claimed by more than one manufacturer: " + names);
    }
    return judge(vouching.get(0), chain, now);
  }

  /**
   * The endpoint of a chain that a handshake has judged already; checks no signature, so that all
   * of a server's connections can be asked.
   */
  Optional<EndpointName> endpointName(List<X509Certificate> chain) {
    X509Certificate last = chain.get(chain.size() - 1);
    return anchors.stream()
        .filter(
            anchor ->
                chain.contains(anchor.certificate())
                    || last.getIssuerX500Principal()
                        .equals(anchor.certificate().getSubjectX500Principal()))
        .findFirst()
        .map(Anchor::manufacturer)
        .flatMap(by -> by.endpointNameOf(FactoryIds.read(by.identityRule(), chain.get(0))))
        .flatMap(EndpointName::of);
  }

  private static Verdict judge(Anchor anchor, List<X509Certificate> chain, Instant now) {
    Manufacturer manufacturer = anchor.manufacturer();
    if (manufacturer.state() != Manufacturer.State.ACTIVE) {
      return no(
          Cause.UNKNOWN_CA,
          "manufacturer '%s' is %s"
              .formatted(manufacturer.id(), manufacturer.state().name().toLowerCase()));
    }
    X509Certificate leaf = chain.get(0);
    return Chains.fault(chain, anchor.certificate(), manufacturer, now)
        .<Verdict>map(fault -> fault)
        .orElseGet(() -> identify(manufacturer, leaf));
  }

  private static Verdict identify(Manufacturer manufacturer, X509Certificate leaf) {
    String id;
    try {
      id = FactoryIds.read(manufacturer.identityRule(), leaf);
    } catch (IllegalArgumentException unclear) {
      return no(Cause.BAD_CERTIFICATE, Optional.ofNullable(unclear.getMessage()).orElse(""));
    }
    return new Trusted(
        new Peer.Factory(
            new FactoryIdentity(manufacturer.id(), id, leaf),
            manufacturer.endpointNameOf(id),
            Certificates.keySha256(leaf)));
  }
}
