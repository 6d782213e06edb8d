package org.firstlight.bootstrap.trust;

import static org.firstlight.bootstrap.trust.Verdict.no;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.firstlight.bootstrap.ocsp.OcspQuestion;
import org.firstlight.bootstrap.revocation.Revocations;
import org.firstlight.bootstrap.trust.Verdict.Asking;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
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

  /**
   * An issuing CA of a manufacturer.
   *
   * @param proven whether the manufacturer is trusted for it
   */
  private record Anchor(Manufacturer manufacturer, X509Certificate certificate, boolean proven) {
    static Anchor of(Manufacturer manufacturer, X509Certificate certificate) {
      boolean proven = manufacturer.hasProven(Certificates.keySha256(certificate));
      return new Anchor(manufacturer, certificate, proven);
    }
  }

  private final List<Manufacturer> manufacturers;
  private final List<Anchor> anchors;
  private final Revocations revocations;

  private FactoryTrust(
      List<Manufacturer> manufacturers, List<Anchor> anchors, Revocations revocations) {
    this.manufacturers = List.copyOf(manufacturers);
    this.anchors = List.copyOf(anchors);
    this.revocations = revocations;
  }

  /** Trust of these records; an anchor that cannot be read gives none. */
  public static FactoryTrust of(List<Manufacturer> manufacturers) {
    List<Anchor> anchors = new ArrayList<>();
    for (Manufacturer manufacturer : manufacturers) {
      for (String pem : manufacturer.anchors()) {
        Chains.parse(pem, manufacturer.id())
            .forEach(certificate -> anchors.add(Anchor.of(manufacturer, certificate)));
      }
    }
    return new FactoryTrust(manufacturers, anchors, Revocations.NONE);
  }

  /** The same trust, less what these lists revoke. */
  public FactoryTrust with(Revocations lists) {
    return new FactoryTrust(manufacturers, anchors, lists);
  }

  /** Whether nothing was read anew between the two. */
  boolean isSame(FactoryTrust other) {
    return manufacturers == other.manufacturers
        && anchors == other.anchors
        && revocations == other.revocations;
  }

  public List<Manufacturer> manufacturers() {
    return manufacturers;
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
      return no(
          Cause.BAD_CERTIFICATE,
          "it sent %d certificates, at most %d are looked at"
              .formatted(chain.size(), LONGEST_CHAIN));
    }
    List<Anchor> vouching =
        anchors.stream().filter(anchor -> Chains.leadsTo(chain, anchor.certificate())).toList();
    if (vouching.isEmpty()) {
      return unvouched(chain);
    }
    // what a manufacturer has not proven is no claim against one that has
    List<Anchor> proven = vouching.stream().filter(Anchor::proven).toList();
    List<Anchor> counted = proven.isEmpty() ? vouching : proven;
    List<String> names = counted.stream().map(a -> a.manufacturer().id()).distinct().toList();
    if (names.size() > 1) {
      return no(
          Cause.UNKNOWN_CA, "its issuing CA is claimed by more than one manufacturer: " + names);
    }
    return judge(counted.get(0), chain, now);
  }

  private Distrusted unvouched(List<X509Certificate> chain) {
    if (!Chains.isWhole(chain)) {
      return no(Cause.UNKNOWN_CA, "its certificates do not each sign the one before");
    }
    X500Principal issuer = chain.get(chain.size() - 1).getIssuerX500Principal();
    boolean named =
        anchors.stream()
            .anyMatch(anchor -> anchor.certificate().getSubjectX500Principal().equals(issuer));
    return no(
        Cause.UNKNOWN_CA,
        (named
                ? "it names '%s' as its issuing CA, and is not signed by its key"
                : "no manufacturer has its issuing CA '%s'")
            .formatted(issuer.getName()));
  }

  /**
   * The endpoint of a chain that a handshake has judged already; checks a signature only where two
   * CAs have the same name, so that all of a server's connections can be asked.
   */
  Optional<EndpointName> endpointName(List<X509Certificate> chain) {
    return manufacturer(chain)
        .flatMap(by -> by.endpointNameOf(FactoryIds.read(by.identityRule(), chain.get(0))))
        .flatMap(EndpointName::of);
  }

  /** Whose CA a chain ends at; see {@link #endpointName}. */
  Optional<Manufacturer> manufacturer(List<X509Certificate> chain) {
    X509Certificate last = chain.get(chain.size() - 1);
    List<Anchor> named =
        anchors.stream()
            .filter(
                anchor ->
                    chain.contains(anchor.certificate())
                        || last.getIssuerX500Principal()
                            .equals(anchor.certificate().getSubjectX500Principal()))
            .toList();
    return named.stream()
        .filter(one -> named.size() == 1 || Chains.leadsTo(chain, one.certificate()))
        .findFirst()
        .map(Anchor::manufacturer);
  }

  private Verdict judge(Anchor anchor, List<X509Certificate> chain, Instant now) {
    Manufacturer manufacturer = anchor.manufacturer();
    if (!anchor.proven()) {
      return no(
          Cause.UNKNOWN_CA,
          "manufacturer '%s' has not proven that it holds the key of its issuing CA '%s'"
              .formatted(
                  manufacturer.id(), anchor.certificate().getSubjectX500Principal().getName()));
    }
    if (manufacturer.state() != Manufacturer.State.ACTIVE) {
      return no(
          Cause.UNKNOWN_CA,
          "manufacturer '%s' is %s".formatted(manufacturer.id(), manufacturer.state().word()));
    }
    X509Certificate leaf = chain.get(0);
    return Chains.fault(chain, anchor.certificate(), manufacturer, now)
        .or(() -> revocation(chain, anchor, now))
        .<Verdict>map(fault -> fault)
        .orElseGet(() -> asking(chain, anchor, identify(anchor, leaf)));
  }

  /** Each certificate of the chain that a CA issued which has a responder is asked about. */
  private static Verdict asking(List<X509Certificate> chain, Anchor anchor, Verdict verdict) {
    Manufacturer manufacturer = anchor.manufacturer();
    if (manufacturer.ocspResponders().isEmpty() || !(verdict instanceof Trusted trusted)) {
      return verdict;
    }
    List<X509Certificate> path = Chains.below(chain, anchor.certificate());
    List<OcspQuestion> questions = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      boolean isDevice = i == 0;
      X509Certificate certificate = path.get(i);
      X509Certificate issuer = i + 1 < path.size() ? path.get(i + 1) : anchor.certificate();
      manufacturer
          .responderFor(Certificates.keySha256(issuer))
          .ifPresent(
              responder ->
                  questions.add(
                      new OcspQuestion(
                          manufacturer.id(),
                          responder,
                          certificate,
                          issuer,
                          isDevice,
                          isDevice
                              ? trusted.peer().endpointName().flatMap(EndpointName::of)
                              : Optional.empty(),
                          Set.copyOf(manufacturer.deniedKeys()))));
    }
    return questions.isEmpty() ? trusted : new Asking(trusted, questions);
  }

  private Optional<Distrusted> revocation(List<X509Certificate> chain, Anchor anchor, Instant now) {
    List<X509Certificate> path = Chains.below(chain, anchor.certificate());
    return revocations
        .fault(path, anchor.certificate(), anchor.manufacturer(), now)
        .map(
            found ->
                no(found.revoked() ? Cause.REVOKED : Cause.UNKNOWN_REVOCATION, found.reason()));
  }

  private static Verdict identify(Anchor anchor, X509Certificate leaf) {
    Manufacturer manufacturer = anchor.manufacturer();
    String id;
    try {
      id = FactoryIds.read(manufacturer.identityRule(), leaf);
    } catch (IllegalArgumentException unclear) {
      return no(Cause.BAD_CERTIFICATE, Optional.ofNullable(unclear.getMessage()).orElse(""));
    }
    if (!manufacturer.makes(id)) {
      return no(
          Cause.BAD_CERTIFICATE,
          "its hardware '%s' is of no type that manufacturer '%s' makes"
              .formatted(id, manufacturer.id()));
    }
    return new Trusted(
        new Peer.Factory(
            new FactoryIdentity(manufacturer.id(), id, leaf),
            manufacturer.endpointNameOf(id),
            Certificates.keySha256(leaf),
            anchor.certificate().equals(leaf)
                ? Optional.empty()
                : Optional.of(Certificates.keySha256(anchor.certificate())),
            leaf.getPublicKey()));
  }
}
