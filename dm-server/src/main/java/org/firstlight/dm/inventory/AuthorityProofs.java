package org.firstlight.dm.inventory;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.UnprovenAuthority;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.UnreadableCertificateException;

/**
 * How a manufacturer shows that it holds a CA's key: the CA signs a certificate for a common name
 * that we made up. A CA in a hardware module can do that, where many can sign nothing else.
 */
public final class AuthorityProofs {
  private static final int CHALLENGE_BYTES = 16;

  private final BlockingState state;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public AuthorityProofs(BlockingState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /**
   * The manufacturer with a challenge for each CA key that it did not have before; the challenges
   * that are open stay as they were.
   */
  Manufacturer asked(Manufacturer made, Optional<Manufacturer> before) {
    Map<String, UnprovenAuthority> open =
        before.stream()
            .flatMap(one -> one.unproven().stream())
            .collect(Collectors.toMap(UnprovenAuthority::keySha256, one -> one));
    List<String> known = before.map(AuthorityProofs::keys).orElse(List.of());
    List<UnprovenAuthority> unproven = new ArrayList<>();
    for (String key : keys(made)) {
      if (open.containsKey(key)) {
        unproven.add(open.get(key));
      } else if (!known.contains(key)) {
        unproven.add(new UnprovenAuthority(key, challenge(), clock.instant()));
      }
    }
    return made.withUnproven(unproven);
  }

  private static List<String> keys(Manufacturer manufacturer) {
    return manufacturer.anchors().stream()
        .flatMap(pem -> ManufacturerDocument.certificates(pem).stream())
        .map(Certificates::keySha256)
        .distinct()
        .toList();
  }

  private String challenge() {
    byte[] bytes = new byte[CHALLENGE_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Takes a proof, after which the CA that it is of vouches for devices.
   *
   * @param pem the certificate that the CA signed; its dates and extensions do not matter
   * @return the manufacturer as it is now
   */
  public Outcome<Stored<Manufacturer>> prove(String id, String pem) {
    List<Outcome<String>> last = new ArrayList<>();
    Optional<Stored<Manufacturer>> now =
        state.edit(
            Kinds.MANUFACTURER,
            id,
            id,
            stored -> {
              Outcome<String> proven = provenKey(stored.value(), pem);
              last.clear();
              last.add(proven);
              return proven.result().map(key -> change(stored, key));
            });
    return now.isEmpty()
        ? Outcome.refused(FailureCode.NOT_FOUND, "there is no such manufacturer")
        : last.get(0).map(key -> now.get());
  }

  /** The CA key that signed this certificate as it was asked to. */
  private static Outcome<String> provenKey(Manufacturer manufacturer, String pem) {
    if (manufacturer.unproven().isEmpty()) {
      return Outcome.refused(FailureCode.CONFLICT, "none of its CAs waits for a proof");
    }
    X509Certificate proof;
    try {
      List<X509Certificate> given = Certificates.parsePem(pem);
      if (given.size() != 1) {
        return malformed("one is wanted, not %d".formatted(given.size()));
      }
      proof = given.get(0);
    } catch (UnreadableCertificateException unreadable) {
      return malformed(String.valueOf(unreadable.getMessage()));
    }
    List<String> names = CertificateNames.commonNames(proof);
    Optional<UnprovenAuthority> asked =
        manufacturer.unproven().stream()
            .filter(one -> names.equals(List.of(one.challenge())))
            .findFirst();
    if (asked.isEmpty()) {
      return malformed("its common name is not the challenge of a CA that waits for a proof");
    }
    return manufacturer.anchors().stream()
        .flatMap(anchor -> ManufacturerDocument.certificates(anchor).stream())
        .filter(anchor -> Certificates.keySha256(anchor).equals(asked.get().keySha256()))
        .findFirst()
        .filter(anchor -> signed(proof, anchor))
        .map(anchor -> Outcome.done(asked.get().keySha256()))
        .orElseGet(() -> malformed("it is not signed by the CA that this challenge is for"));
  }

  private static Outcome<String> malformed(String why) {
    return Outcome.refused(FailureCode.MALFORMED, "certificate: " + why);
  }

  private static boolean signed(X509Certificate proof, X509Certificate authority) {
    try {
      proof.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException notByThisKey) {
      return false;
    }
  }

  private Change change(Stored<Manufacturer> stored, String provenKey) {
    Manufacturer proven =
        stored
            .value()
            .withUnproven(
                stored.value().unproven().stream()
                    .filter(one -> !one.keySha256().equals(provenKey))
                    .toList());
    return Change.in(stored.id())
        .put(Kinds.MANUFACTURER, stored.id(), stored.version(), proven)
        .event(
            new FleetEvent(
                clock.instant(),
                "manufacturer.changed",
                Optional.empty(),
                Optional.of(stored.id()),
                Map.of("id", stored.id(), "change", "proven", "keySha256", provenKey)))
        .build();
  }
}
