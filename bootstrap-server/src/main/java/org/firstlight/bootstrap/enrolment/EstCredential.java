package org.firstlight.bootstrap.enrolment;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.state.Change;
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
  public void begin(Change.Builder change) {
    change.put(
        Kinds.ENROLMENT,
        OpenEnrolment.id(account()),
        Change.ANY_VERSION,
        new OpenEnrolment(account(), until, 0, false));
    change.delete(Kinds.CERTIFICATE, OperationalCertificate.nextId(account()), Change.ANY_VERSION);
  }

  @Override
  public void settle(Change.Builder change) {
    // what waits beside it is this session's: the device may have fetched it before Finish
    change.delete(
        Kinds.CERTIFICATE, OperationalCertificate.currentId(account()), Change.ANY_VERSION);
    earlier.end(change, Kinds.CERTIFICATE);
  }

  @Override
  public void drop(Change.Builder change) {
    change.delete(Kinds.ENROLMENT, OpenEnrolment.id(account()), Change.ANY_VERSION);
    change.delete(Kinds.CERTIFICATE, OperationalCertificate.nextId(account()), Change.ANY_VERSION);
  }
}
