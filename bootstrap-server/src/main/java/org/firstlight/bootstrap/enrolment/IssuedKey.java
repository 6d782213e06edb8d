package org.firstlight.bootstrap.enrolment;

import java.util.List;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A certificate and its key: of the certificate a record stays, of the key nothing.
 *
 * @param earlier identities of the account's PSKs that it takes the place of
 */
record IssuedKey(
    AccountCredential.Certificate credential, OperationalCertificate issued, List<String> earlier)
    implements Enrolled {
  IssuedKey {
    earlier = List.copyOf(earlier);
  }

  private String current() {
    return OperationalCertificate.currentId(issued.account());
  }

  private String next() {
    return OperationalCertificate.nextId(issued.account());
  }

  @Override
  public void begin(Change.Builder change) {
    change.put(Kinds.CERTIFICATE, next(), Change.ANY_VERSION, issued);
  }

  @Override
  public void settle(Change.Builder change) {
    change.put(Kinds.CERTIFICATE, current(), Change.ANY_VERSION, issued);
    change.delete(Kinds.CERTIFICATE, next(), Change.ANY_VERSION);
    earlier.forEach(identity -> change.delete(Kinds.PSK, identity, Change.ANY_VERSION));
  }

  @Override
  public void drop(Change.Builder change) {
    change.delete(Kinds.CERTIFICATE, next(), Change.ANY_VERSION);
  }
}
