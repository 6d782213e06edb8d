package org.firstlight.bootstrap.enrolment;

import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/** No credential at all: what the account had before is withdrawn. */
record NoCredential(Earlier earlier) implements Enrolled {
  @Override
  public AccountCredential credential() {
    return new AccountCredential.NoSecurity();
  }

  @Override
  public void begin(Change.Builder change, DeviceCertificates certificates) {
    // nothing comes into being
  }

  @Override
  public void settle(Change.Builder change, DeviceCertificates certificates, boolean inUse) {
    earlier.end(change, certificates, Kinds.PSK);
  }

  @Override
  public void drop(Change.Builder change, DeviceCertificates certificates) {
    // nothing came into being
  }
}
