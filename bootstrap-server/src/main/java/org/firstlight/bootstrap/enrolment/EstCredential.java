package org.firstlight.bootstrap.enrolment;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A certificate that the device fetches by EST on its own.
 *
 * @param until when it is too late to fetch it
 */
record EstCredential(AccountCredential.ByEst credential, Instant until, Earlier earlier)
    implements Enrolled {
  private int account() {
    return earlier.account();
  }

  @Override
  public Optional<Integer> fetchedFor() {
    return Optional.of(account());
  }

  @Override
  public void begin(Change.Builder change, DeviceCertificates certificates) {
    change.put(
        Kinds.ENROLMENT,
        OpenEnrolment.id(account()),
        Change.ANY_VERSION,
        new OpenEnrolment(account(), until, 0, false));
    certificates.remove(OperationalCertificate.nextId(account()));
  }

  @Override
  public void settle(Change.Builder change, DeviceCertificates certificates, boolean inUse) {
    // what waits beside it is this session's: the device may have fetched it before Finish
    if (!inUse) {
      certificates.remove(OperationalCertificate.currentId(account()));
    }
    earlier.end(change, certificates, Kinds.CERTIFICATE);
  }

  @Override
  public void drop(Change.Builder change, DeviceCertificates certificates) {
    change.delete(Kinds.ENROLMENT, OpenEnrolment.id(account()), Change.ANY_VERSION);
    certificates.remove(OperationalCertificate.nextId(account()));
  }
}
