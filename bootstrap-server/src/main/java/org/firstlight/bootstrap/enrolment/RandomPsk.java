package org.firstlight.bootstrap.enrolment;

import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/** A random PSK. */
record RandomPsk(AccountCredential.PreSharedKey credential, PskRecord psk, Earlier earlier)
    implements Enrolled {
  @Override
  public void begin(Change.Builder change) {
    change.put(Kinds.PSK, psk.identity(), 0, psk);
  }

  @Override
  public void settle(Change.Builder change) {
    earlier.end(change, Kinds.PSK);
  }

  @Override
  public void drop(Change.Builder change) {
    change.delete(Kinds.PSK, psk.identity(), Change.ANY_VERSION);
  }
}
