package org.firstlight.bootstrap.enrolment;

import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A key pair without a certificate: of the public half a hash stays, of the private one nothing.
 */
record IssuedRawKey(
    AccountCredential.RawPublicKey credential, OperationalRawKey issued, Earlier earlier)
    implements Enrolled {
  private String next() {
    return OperationalCertificate.nextId(issued.account());
  }

  @Override
  public void begin(Change.Builder change, DeviceCertificates certificates) {
    change.put(Kinds.RAW_PUBLIC_KEY, next(), Change.ANY_VERSION, issued);
  }

  @Override
  public void settle(Change.Builder change, DeviceCertificates certificates, boolean inUse) {
    String current = OperationalCertificate.currentId(issued.account());
    change.put(Kinds.RAW_PUBLIC_KEY, current, Change.ANY_VERSION, issued);
    change.delete(Kinds.RAW_PUBLIC_KEY, next(), Change.ANY_VERSION);
    earlier.end(change, certificates, Kinds.RAW_PUBLIC_KEY);
  }

  @Override
  public void drop(Change.Builder change, DeviceCertificates certificates) {
    change.delete(Kinds.RAW_PUBLIC_KEY, next(), Change.ANY_VERSION);
  }
}
