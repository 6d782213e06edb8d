package org.firstlight.dm.inventory;

import java.time.Instant;
import org.firstlight.fleet.configuration.ReportedValues;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/** Takes away what lets a device in: it has to bootstrap again, if it still may. */
public final class Withdrawal {
  private final BlockingState state;
  private final ReportedValues values;

  public Withdrawal(BlockingState state, ReportedValues values) {
    this.state = state;
    this.values = values;
  }

  /**
   * Adds to the change that its registrations end: its next Update is 4.04, and its next Register
   * is judged anew.
   */
  public void endRegistrations(Change.Builder change) {
    change.registration(RegistrationEdit.EndAll.ofAnyAge());
  }

  /** Adds to the change that no operational credential of the device is good any more. */
  public void endCredentials(
      Change.Builder change, EndpointName name, Instant now, RevocationReason reason) {
    DeviceCertificates certificates =
        DeviceCertificates.of(state.findAll(Kinds.CERTIFICATE, name.value()));
    certificates.removeAll();
    change.edits(certificates.edits(now, reason));
    for (Stored<OperationalRawKey> one : state.findAll(Kinds.RAW_PUBLIC_KEY, name.value())) {
      end(change, Kinds.RAW_PUBLIC_KEY, one.value().account());
    }
    end(change, Kinds.ENROLMENT, name);
    end(change, Kinds.RENEWAL, name);
    end(change, Kinds.PSK, name);
  }

  /** Adds to the change that the CRL has the device's certificates for now. */
  public void suspendCertificates(Change.Builder change, EndpointName name, Instant now) {
    change.edits(
        DeviceCertificates.of(state.findAll(Kinds.CERTIFICATE, name.value())).suspension(now));
  }

  /** Adds to the change that the CRL has them no longer. */
  public void resumeCertificates(Change.Builder change, EndpointName name) {
    state.findAll(Kinds.REVOKED_CERTIFICATE, name.value()).stream()
        .filter(one -> one.value().reason() == RevocationReason.CERTIFICATE_HOLD)
        .forEach(one -> change.delete(Kinds.REVOKED_CERTIFICATE, one.id(), one.version()));
  }

  /** Adds to the change that what the owner wanted of the device, and how that went, is gone. */
  public void endOwnersRecords(Change.Builder change, EndpointName name) {
    end(change, Kinds.CONFIGURATION_STATUS, name);
    end(change, Kinds.OBSERVED, name);
    // also one that begins after this was looked at
    change.delete(Kinds.OPERATIONS, name.value(), Change.ANY_VERSION);
    end(change, Kinds.JOURNEY, name);
  }

  /** What the device told under its owner is not its next owner's to see. */
  public void forgetValues(EndpointName name) {
    BlockingState.await(values.forget(name));
  }

  /** Also one that is issued after this was looked at. */
  private static void end(Change.Builder change, Kind<?> kind, int account) {
    change.delete(kind, OperationalCertificate.currentId(account), Change.ANY_VERSION);
    change.delete(kind, OperationalCertificate.nextId(account), Change.ANY_VERSION);
  }

  private <T> void end(Change.Builder change, Kind<T> kind, EndpointName name) {
    for (Stored<T> stored : state.findAll(kind, name.value())) {
      change.delete(kind, stored.id(), Change.ANY_VERSION);
    }
  }
}
