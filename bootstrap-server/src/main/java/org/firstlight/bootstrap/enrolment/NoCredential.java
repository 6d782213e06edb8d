package org.firstlight.bootstrap.enrolment;

import java.util.List;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * No credential at all: what the account had before is withdrawn.
 *
 * @param earlier identities of the account's PSKs
 */
record NoCredential(int account, List<String> earlier) implements Enrolled {
  NoCredential {
    earlier = List.copyOf(earlier);
  }

  @Override
  public AccountCredential credential() {
    return new AccountCredential.NoSecurity();
  }

  @Override
  public void begin(Change.Builder change) {
    // nothing comes into being
  }

  @Override
  public void settle(Change.Builder change) {
    String certificate = OperationalCertificate.currentId(account);
    change.delete(Kinds.CERTIFICATE, certificate, Change.ANY_VERSION);
    earlier.forEach(identity -> change.delete(Kinds.PSK, identity, Change.ANY_VERSION));
  }

  @Override
  public void drop(Change.Builder change) {
    // nothing came into being
  }
}
