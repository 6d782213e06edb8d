package org.firstlight.bootstrap.enrolment;

import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.plan.AccountCredential;

/**
 * A certificate, with its key or over the one that the device came with: of the certificate a
 * record stays, of a key that was made here nothing.
 */
record IssuedCertificate(
    AccountCredential.Certificate credential, OperationalCertificate issued, Earlier earlier)
    implements Enrolled {
  private String next() {
    return OperationalCertificate.nextId(issued.account());
  }

  @Override
  public void begin(Change.Builder change, DeviceCertificates certificates) {
    certificates.put(next(), issued);
  }

  @Override
  public void settle(Change.Builder change, DeviceCertificates certificates, boolean inUse) {
    certificates.put(OperationalCertificate.currentId(issued.account()), issued);
    certificates.remove(next());
    earlier.end(change, certificates, Kinds.CERTIFICATE);
  }

  @Override
  public void drop(Change.Builder change, DeviceCertificates certificates) {
    certificates.remove(next());
  }
}
