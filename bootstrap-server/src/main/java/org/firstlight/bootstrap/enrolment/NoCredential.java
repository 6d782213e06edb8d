package org.firstlight.bootstrap.enrolment;

import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/** No credential at all: what the account had before is withdrawn. */
record NoCredential(Earlier earlier) implements Enrolled {
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
    earlier.end(change, Kinds.PSK);
  }

  @Override
  public void drop(Change.Builder change) {
    // nothing came into being
  }
}
