package org.firstlight.dm.inventory;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.P256;
import org.firstlight.kit.pki.UnreadableCertificateException;

/**
 * The certificates of clients of one's own: anchors, each of nobody but itself, of a manufacturer
 * that is there for nothing else.
 */
final class PinnedClients {
  private static final int MOST_MANUFACTURERS = 1000;

  private final BlockingState state;

  PinnedClients(BlockingState state) {
    this.state = state;
  }

  /** Pins the certificate in the place of what the client had before; its id is its common name. */
  Outcome<String> pin(EndpointName name, X509Certificate certificate, Instant now) {
    return fault(certificate, now)
        .or(() -> manufactured(certificate))
        .<Outcome<String>>map(fault -> fault)
        .orElseGet(
            () -> store(name, CertificateNames.commonNames(certificate).get(0), certificate, now));
  }

  private static Optional<Outcome<String>> fault(X509Certificate certificate, Instant now) {
    if (certificate.getBasicConstraints() >= 0) {
      return malformed("is a CA's, not a client's: make it with CA:FALSE");
    }
    List<String> names = CertificateNames.commonNames(certificate);
    if (names.size() != 1) {
      return malformed("has %d common names, one is wanted".formatted(names.size()));
    }
    Optional<String> odd = EndpointName.fault(names.get(0));
    if (odd.isPresent()) {
      return malformed("its common name cannot be an id: " + odd.get());
    }
    if (!P256.has(certificate.getPublicKey())) {
      return malformed("its key is not on P-256, as DTLS wants it here");
    }
    if (now.isAfter(certificate.getNotAfter().toInstant())) {
      return malformed("expired at " + certificate.getNotAfter().toInstant());
    }
    return now.isBefore(certificate.getNotBefore().toInstant())
        ? malformed("is not valid before " + certificate.getNotBefore().toInstant())
        : Optional.empty();
  }

  private static Optional<Outcome<String>> malformed(String why) {
    return Optional.of(Outcome.refused(FailureCode.MALFORMED, "certificate: " + why));
  }

  /** A device of a manufacturer comes as that: were it pinned too, two would vouch for it. */
  private Optional<Outcome<String>> manufactured(X509Certificate certificate) {
    return state
        .list(
            Kinds.MANUFACTURER,
            Optional.empty(),
            MOST_MANUFACTURERS,
            maker -> !maker.id().equals(Device.CONNECTED))
        .items()
        .stream()
        .map(Stored::value)
        .filter(maker -> maker.anchors().stream().anyMatch(pem -> issued(pem, certificate)))
        .findFirst()
        .map(
            maker ->
                Outcome.refused(
                    FailureCode.CONFLICT,
                    "certificate: it is a device's of manufacturer '%s'".formatted(maker.id())));
  }

  private static boolean issued(String pem, X509Certificate certificate) {
    try {
      for (X509Certificate anchor : Certificates.parsePem(pem)) {
        if (anchor.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
          certificate.verify(anchor.getPublicKey());
          return true;
        }
      }
      return false;
    } catch (GeneralSecurityException notByThisKey) {
      return false;
    }
  }

  private Outcome<String> store(
      EndpointName name, String id, X509Certificate certificate, Instant now) {
    Optional<Stored<Manufacturer>> stored = state.find(Kinds.MANUFACTURER, Device.CONNECTED);
    Map<String, String> names =
        new HashMap<>(stored.map(one -> one.value().endpointNames()).orElse(Map.of()));
    String holder = names.getOrDefault(id, name.value());
    if (!holder.equals(name.value())) {
      return Outcome.refused(
          FailureCode.CONFLICT, "certificate: its common name is another client's");
    }
    names.values().remove(name.value());
    names.put(id, name.value());
    Map<String, String> anchors = new LinkedHashMap<>();
    stored.stream()
        .flatMap(one -> one.value().anchors().stream())
        .forEach(
            pem ->
                commonName(pem).filter(names::containsKey).ifPresent(cn -> anchors.put(cn, pem)));
    anchors.put(id, Certificates.pem(List.of(certificate)).strip());
    CommitOutcome outcome =
        state.commit(
            Change.in(Device.CONNECTED)
                .put(
                    Kinds.MANUFACTURER,
                    Device.CONNECTED,
                    stored.map(Stored::version).orElse(0L),
                    maker(List.copyOf(anchors.values()), names))
                .event(
                    new FleetEvent(
                        now,
                        "manufacturer.changed",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("id", Device.CONNECTED, "change", "saved")))
                .build());
    return outcome instanceof CommitOutcome.Committed
        ? Outcome.done(id)
        : Outcome.refused(FailureCode.CONFLICT, "another client was added at the same moment");
  }

  private static Optional<String> commonName(String pem) {
    try {
      return CertificateNames.commonNames(Certificates.parsePem(pem).get(0)).stream().findFirst();
    } catch (UnreadableCertificateException gone) {
      return Optional.empty();
    }
  }

  /** The manufacturer of such clients, with nobody in it yet. */
  static Manufacturer nobody() {
    return maker(List.of(), Map.of());
  }

  private static Manufacturer maker(List<String> anchors, Map<String, String> endpointNames) {
    return new Manufacturer(
        Device.CONNECTED,
        "Clients let in by connect",
        Manufacturer.State.ACTIVE,
        anchors,
        IdentityRule.COMMON_NAME,
        "",
        endpointNames,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
