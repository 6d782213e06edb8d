package org.firstlight.bootstrap.revocation;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.firstlight.bootstrap.revocation.Revocations.Held;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.RevocationListBytes;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.RevocationStatus;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.RevocationList;
import org.firstlight.kit.pki.UnreadableCertificateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a list that was fetched. It is taken when it is current, not older than the one
 * before, and signed by a CA in the manufacturer's record: whoever answers in its place can keep it
 * away, not change it.
 */
final class RevocationIntake {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationIntake.class);
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  private final RevocationView view;
  private final Clock clock;

  RevocationIntake(RevocationView view, Clock clock) {
    this.view = view;
    this.clock = clock;
  }

  /** One list of one manufacturer. */
  record Wanted(Manufacturer manufacturer, RevocationSource source) {
    String id() {
      return RevocationStatus.id(manufacturer.id(), source.url());
    }
  }

  /** What to store of a list that was fetched; of one that is not taken, why. */
  Change taken(Wanted wanted, Optional<Stored<RevocationStatus>> stored, RevocationList list) {
    Optional<RevocationStatus.Held> before = stored.flatMap(one -> one.value().held());
    Optional<String> fault = fault(wanted.manufacturer(), list, before);
    if (fault.isPresent()) {
      return failed(wanted, stored, fault.get());
    }
    Instant now = clock.instant();
    RevocationStatus status =
        new RevocationStatus(
            wanted.manufacturer().id(),
            wanted.source().url(),
            now,
            Optional.empty(),
            Optional.of(
                new RevocationStatus.Held(
                    list.issuer().getName(),
                    list.sha256(),
                    now,
                    list.thisUpdate(),
                    list.nextUpdate(),
                    list.size())));
    Change.Builder change =
        Change.in(wanted.id()).put(Kinds.REVOCATION_STATUS, wanted.id(), version(stored), status);
    boolean changed =
        before.filter(held -> held.sha256().equals(list.sha256())).isEmpty() || isLost(wanted.id());
    boolean recovered = stored.filter(one -> one.value().fault().isPresent()).isPresent();
    if (changed) {
      change.put(
          Kinds.REVOCATION_LIST,
          wanted.id(),
          Change.ANY_VERSION,
          new RevocationListBytes(Base64.getEncoder().encodeToString(list.der())));
    }
    if (changed || recovered) {
      change.event(
          event(wanted, Map.of("change", "fetched", "revoked", Integer.toString(list.size()))));
    }
    return change.build();
  }

  /** Whether the list itself is not where its status says that it is. */
  private boolean isLost(String id) {
    Held held = view.current().lists().get(id);
    return held != null && held.list().isEmpty();
  }

  /** Why a list that can be read is not taken. */
  private Optional<String> fault(
      Manufacturer manufacturer, RevocationList list, Optional<RevocationStatus.Held> before) {
    Instant now = clock.instant();
    if (list.nextUpdate().isEmpty()) {
      return Optional.of("it does not say when the next one is due");
    }
    if (now.isAfter(list.nextUpdate().get())) {
      return Optional.of("it ended at " + list.nextUpdate().get());
    }
    if (list.thisUpdate().isAfter(now.plus(CLOCKS_DIFFER))) {
      return Optional.of("it is from the future, " + list.thisUpdate());
    }
    boolean older =
        before
            .filter(held -> held.issuer().equals(list.issuer().getName()))
            .filter(held -> list.thisUpdate().isBefore(held.thisUpdate()))
            .isPresent();
    if (older) {
      return Optional.of("it is older than the one that is here");
    }
    return manufacturer.anchors().stream()
            .flatMap(RevocationIntake::certificates)
            .anyMatch(list::isOf)
        ? Optional.empty()
        : Optional.of("it is not signed by a CA of this manufacturer that may sign lists");
  }

  private static Stream<X509Certificate> certificates(String pem) {
    try {
      return Certificates.parsePem(pem).stream();
    } catch (UnreadableCertificateException givesNoTrust) {
      return Stream.empty();
    }
  }

  /** What to store of a try that gave no list; the one before stays. */
  Change failed(Wanted wanted, Optional<Stored<RevocationStatus>> stored, String fault) {
    Optional<RevocationStatus> before = stored.map(Stored::value);
    RevocationStatus status =
        new RevocationStatus(
            wanted.manufacturer().id(),
            wanted.source().url(),
            clock.instant(),
            Optional.of(fault),
            before.flatMap(RevocationStatus::held));
    Change.Builder change =
        Change.in(wanted.id()).put(Kinds.REVOCATION_STATUS, wanted.id(), version(stored), status);
    if (before.flatMap(RevocationStatus::fault).filter(fault::equals).isEmpty()) {
      LOG.warn(
          "the revocation list of manufacturer '{}' cannot be had: {}",
          wanted.manufacturer().id(),
          fault);
      change.event(event(wanted, Map.of("change", "failed", "reason", fault)));
    }
    return change.build();
  }

  private static long version(Optional<Stored<RevocationStatus>> stored) {
    return stored.map(Stored::version).orElse(0L);
  }

  private FleetEvent event(Wanted wanted, Map<String, String> details) {
    Map<String, String> all = new HashMap<>(details);
    all.put("id", wanted.manufacturer().id());
    // a query may be somebody's token
    all.put("url", wanted.source().url().replaceFirst("\\?.*", ""));
    return new FleetEvent(
        clock.instant(),
        "revocation-list.changed",
        Optional.empty(),
        Optional.of(wanted.manufacturer().id()),
        all);
  }
}
