package org.firstlight.bootstrap.enrolment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A certificate that the device fetches by EST on its own. What the account had before ends with
 * Finish, as the device has overwritten it then.
 *
 * @param until when it is too late to fetch it
 * @param earlier identities of the account's PSKs that it takes the place of
 */
record EstCredential(
    AccountCredential.ByEst credential, int account, Instant until, List<String> earlier)
    implements Enrolled {
  EstCredential {
    earlier = List.copyOf(earlier);
  }

  @Override
  public Optional<Integer> fetchedFor() {
    return Optional.of(account);
  }

  @Override
  public void begin(Change.Builder change) {
    change.put(
        Kinds.ENROLMENT,
        OpenEnrolment.id(account),
        Change.ANY_VERSION,
        new OpenEnrolment(account, until, 0, false));
    change.delete(Kinds.CERTIFICATE, OperationalCertificate.nextId(account), Change.ANY_VERSION);
  }

  @Override
  public void settle(Change.Builder change) {
    change.delete(Kinds.CERTIFICATE, OperationalCertificate.currentId(account), Change.ANY_VERSION);
    earlier.forEach(identity -> change.delete(Kinds.PSK, identity, Change.ANY_VERSION));
  }

  @Override
  public void drop(Change.Builder change) {
    change.delete(Kinds.ENROLMENT, OpenEnrolment.id(account), Change.ANY_VERSION);
    change.delete(Kinds.CERTIFICATE, OperationalCertificate.nextId(account), Change.ANY_VERSION);
  }
}
