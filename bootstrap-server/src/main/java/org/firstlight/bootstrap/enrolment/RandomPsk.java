package org.firstlight.bootstrap.enrolment;

import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/** A random PSK. */
record RandomPsk(AccountCredential.PreSharedKey credential, PskRecord psk, Earlier earlier)
    implements Enrolled {
  @Override
  public void begin(Change.Builder change, DeviceCertificates certificates) {
    change.put(Kinds.PSK, psk.identity(), 0, psk);
  }

  @Override
  public void settle(Change.Builder change, DeviceCertificates certificates, boolean inUse) {
    earlier.end(change, certificates, Kinds.PSK);
  }

  @Override
  public void drop(Change.Builder change, DeviceCertificates certificates) {
    change.delete(Kinds.PSK, psk.identity(), Change.ANY_VERSION);
  }
}
