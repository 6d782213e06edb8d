package org.firstlight.dm.certificate;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * Takes one certificate back: its holder gets in nowhere any more, and the device has to bootstrap
 * again. What was renewed over it and is not in use yet ends with it, for nobody knows who asked.
 */
public final class CertificateRevocation {
  /** Why people do it; the other reasons follow from what becomes of the device. */
  public static final Set<RevocationReason> REASONS =
      Set.of(
          RevocationReason.UNSPECIFIED,
          RevocationReason.KEY_COMPROMISE,
          RevocationReason.CESSATION_OF_OPERATION,
          RevocationReason.PRIVILEGE_WITHDRAWN);

  private static final int ATTEMPTS = 5;

  private final BlockingState state;
  private final Clock clock;

  public CertificateRevocation(BlockingState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /**
   * @param reason one of {@link #REASONS}
   * @param seen which of those that have ended whoever asks may know of
   * @return the certificate as it stands now; one that was revoked before stays as it was
   */
  public Outcome<IssuedCertificate> revoke(
      EndpointName name,
      String serialNumber,
      RevocationReason reason,
      Predicate<RevokedCertificate> seen) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Stored<Device>> device = state.find(Kinds.DEVICE, name.value());
      Optional<Change> change =
          device.flatMap(
              found ->
                  ofGood(found, serialNumber, reason)
                      .or(() -> ofEnded(found, serialNumber, reason, seen)));
      if (change.isEmpty() || state.commit(change.get()) instanceof CommitOutcome.Committed) {
        return revoked(name, serialNumber, seen);
      }
    }
    throw new DependencyUnavailableException("busy: others keep changing this device");
  }

  private Outcome<IssuedCertificate> revoked(
      EndpointName name, String serialNumber, Predicate<RevokedCertificate> seen) {
    return state
        .find(Kinds.REVOKED_CERTIFICATE, name.value(), serialNumber)
        .filter(found -> seen.test(found.value()))
        .map(found -> Outcome.done(IssuedCertificate.of(found.value())))
        .orElseGet(
            () -> Outcome.refused(FailureCode.NOT_FOUND, "the device has no such certificate"));
  }

  private Optional<Change> ofGood(
      Stored<Device> device, String serialNumber, RevocationReason reason) {
    List<Stored<OperationalCertificate>> all = state.findAll(Kinds.CERTIFICATE, device.id());
    DeviceCertificates certificates = DeviceCertificates.of(all);
    boolean inUse = false;
    for (Stored<OperationalCertificate> one : all) {
      if (one.value().serialNumber().equals(serialNumber)) {
        certificates.remove(one.id());
        if (OperationalCertificate.isCurrentId(one.id())) {
          inUse = true;
          certificates.remove(OperationalCertificate.nextId(one.value().account()));
        }
      }
    }
    List<OperationalCertificate> ended = certificates.ended();
    if (ended.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Change.Builder change = begin(device).edits(certificates.edits(now, reason));
    ended.forEach(
        one -> change.event(event(device.value(), RevokedCertificate.of(one, now, reason))));
    if (inUse) {
      change.registration(RegistrationEdit.EndAll.ofAnyAge());
    }
    return Optional.of(change.build());
  }

  /** It is of no use already; but with another reason it opens no connection either. */
  private Optional<Change> ofEnded(
      Stored<Device> device,
      String serialNumber,
      RevocationReason reason,
      Predicate<RevokedCertificate> seen) {
    return state
        .find(Kinds.REVOKED_CERTIFICATE, device.id(), serialNumber)
        .filter(found -> seen.test(found.value()) && !found.value().opensNothing())
        .map(
            found -> {
              RevokedCertificate worse = found.value().withReason(reason, clock.instant());
              return begin(device)
                  .put(Kinds.REVOKED_CERTIFICATE, found.id(), found.version(), worse)
                  .event(event(device.value(), worse))
                  .build();
            });
  }

  /** The device's record is written as it is: who issues a certificate at this moment sees it. */
  private static Change.Builder begin(Stored<Device> device) {
    return Change.in(device.id()).put(Kinds.DEVICE, device.id(), device.version(), device.value());
  }

  private FleetEvent event(Device device, RevokedCertificate revoked) {
    return new FleetEvent(
        clock.instant(),
        "operational-certificate.revoked",
        Optional.of(device.endpointName()),
        device.owner(),
        Map.of(
            "account", Integer.toString(revoked.account()),
            "serialNumber", revoked.serialNumber(),
            "sha256", revoked.sha256(),
            "reason", revoked.reason().name()));
  }
}
