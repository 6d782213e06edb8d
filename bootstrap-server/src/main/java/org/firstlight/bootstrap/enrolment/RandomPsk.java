package org.firstlight.bootstrap.enrolment;

import java.util.List;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A random PSK.
 *
 * @param earlier identities of the account's PSKs that it takes the place of
 */
record RandomPsk(AccountCredential.PreSharedKey credential, PskRecord psk, List<String> earlier)
    implements Enrolled {
  RandomPsk {
    earlier = List.copyOf(earlier);
  }

  @Override
  public void begin(Change.Builder change) {
    change.put(Kinds.PSK, psk.identity(), 0, psk);
  }

  @Override
  public void settle(Change.Builder change) {
    String certificate = OperationalCertificate.currentId(psk.account());
    change.delete(Kinds.CERTIFICATE, certificate, Change.ANY_VERSION);
    earlier.forEach(identity -> change.delete(Kinds.PSK, identity, Change.ANY_VERSION));
  }

  @Override
  public void drop(Change.Builder change) {
    change.delete(Kinds.PSK, psk.identity(), Change.ANY_VERSION);
  }
}
