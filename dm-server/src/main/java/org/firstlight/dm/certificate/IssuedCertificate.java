package org.firstlight.dm.certificate;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Stored;

/**
 * What is known of a certificate that the operational CA issued.
 *
 * @param est whether the device made the key, and fetched the certificate by EST
 * @param renewFrom when its device should have another; empty if it is revoked
 * @param renewalAskedAt when the device was to get another, which it has not yet
 */
public record IssuedCertificate(
    EndpointName endpointName,
    int account,
    String serialNumber,
    String sha256,
    Instant notBefore,
    Instant notAfter,
    boolean est,
    State state,
    Optional<Instant> renewFrom,
    Optional<Instant> renewalAskedAt,
    Optional<Instant> revokedAt,
    Optional<RevocationReason> reason) {

  public enum State {
    /** The device comes with it. */
    CURRENT,
    /** Handed over; the device has not registered with it yet. */
    NEXT,
    EXPIRED,
    REVOKED
  }

  static IssuedCertificate of(
      Stored<OperationalCertificate> stored, Optional<RenewalWish> wish, Instant now) {
    OperationalCertificate one = stored.value();
    State state =
        !now.isBefore(one.notAfter())
            ? State.EXPIRED
            : OperationalCertificate.isCurrentId(stored.id()) ? State.CURRENT : State.NEXT;
    return new IssuedCertificate(
        one.endpointName(),
        one.account(),
        one.serialNumber(),
        one.sha256(),
        one.notBefore(),
        one.notAfter(),
        one.keySha256().isPresent(),
        state,
        Optional.of(one.renewFrom()),
        wish.filter(open -> open.serialNumber().equals(one.serialNumber()))
            .map(RenewalWish::askedAt),
        Optional.empty(),
        Optional.empty());
  }

  static IssuedCertificate of(RevokedCertificate one) {
    return new IssuedCertificate(
        one.endpointName(),
        one.account(),
        one.serialNumber(),
        one.sha256(),
        one.notBefore(),
        one.notAfter(),
        one.keySha256().isPresent(),
        State.REVOKED,
        Optional.empty(),
        Optional.empty(),
        Optional.of(one.revokedAt()),
        Optional.of(one.reason()));
  }
}
