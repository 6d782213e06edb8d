package org.firstlight.dm.api;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.dm.certificate.CertificateRevocation;
import org.firstlight.dm.certificate.IssuedCertificates;
import org.firstlight.dm.certificate.RenewalWishes;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.kit.pki.OperationalCertificates;

/** The operational certificates of devices. */
final class CertificateRoutes {
  private final Devices devices;
  private final IssuedCertificates certificates;
  private final CertificateRevocation revocation;
  private final RenewalWishes wishes;
  private final Clock clock;

  CertificateRoutes(
      Devices devices,
      IssuedCertificates certificates,
      CertificateRevocation revocation,
      RenewalWishes wishes,
      Clock clock) {
    this.devices = devices;
    this.certificates = certificates;
    this.revocation = revocation;
    this.wishes = wishes;
    this.clock = clock;
  }

  record Reason(Optional<RevocationReason> reason) {}

  Answer ofDevice(Call call) {
    return Answer.ok(Call.Items.of(certificates.of(seen(call), call.principal())));
  }

  /** Without a moment, those that are due for renewal. */
  Answer ending(Call call) {
    Instant moment =
        call.query("endingBefore")
            .map(CertificateRoutes::time)
            .orElseGet(() -> clock.instant().plus(OperationalCertificates.VALIDITY.dividedBy(3)));
    try {
      IssuedCertificates.Ending page =
          certificates.endingBefore(moment, call.principal(), call.query("cursor"), call.limit());
      return Answer.ok(new Call.Items(page.items(), page.next()));
    } catch (IllegalArgumentException notOurs) {
      throw Call.refusal(FailureCode.MALFORMED, "cursor: is not one of ours");
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException none) {
      throw Call.refusal(
          FailureCode.MALFORMED, "endingBefore: is a time such as 2026-11-27T08:00:00Z");
    }
  }

  Answer revoke(Call call) {
    Device device = seen(call);
    RevocationReason reason = call.body(Reason.class).reason().orElse(RevocationReason.UNSPECIFIED);
    if (!CertificateRevocation.REASONS.contains(reason)) {
      throw Call.refusal(
          FailureCode.MALFORMED,
          "reason: is UNSPECIFIED, KEY_COMPROMISE, CESSATION_OF_OPERATION or PRIVILEGE_WITHDRAWN");
    }
    return Answer.ok(
        Call.demand(
            revocation.revoke(
                device.endpointName(),
                call.param("serialNumber"),
                reason,
                IssuedCertificates.seen(device, call.principal()))));
  }

  /** The device is told now, or when it is awake. */
  Answer renew(Call call) {
    RenewalWish wish =
        Call.demand(BlockingState.await(wishes.wish(seen(call), call.principal().tenant())));
    return Answer.accepted(wish);
  }

  private Device seen(Call call) {
    return Call.demand(devices.find(call.param("endpointName"), call.principal())).value();
  }
}
