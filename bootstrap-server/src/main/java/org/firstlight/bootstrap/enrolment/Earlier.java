package org.firstlight.bootstrap.enrolment;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * What an account had before this session: it ends with Finish, as the device has overwritten it
 * then.
 *
 * @param psks their identities
 */
record Earlier(int account, List<String> psks) {
  Earlier {
    psks = List.copyOf(psks);
  }

  static CompletionStage<Earlier> of(FleetState records, EndpointName name, int account) {
    return records
        .findAll(Kinds.PSK, name.value())
        .thenApply(
            all ->
                new Earlier(
                    account,
                    all.stream()
                        .map(Stored::value)
                        .filter(psk -> !psk.forBootstrap() && psk.account() == account)
                        .map(PskRecord::identity)
                        .toList()));
  }

  /**
   * Adds to the change that nothing of it is good any more.
   *
   * @param but the kind of what takes its place: its records are not touched here
   */
  void end(Change.Builder change, DeviceCertificates certificates, Kind<?> but) {
    List<String> ids =
        List.of(OperationalCertificate.currentId(account), OperationalCertificate.nextId(account));
    if (but != Kinds.CERTIFICATE) {
      ids.forEach(certificates::remove);
    }
    if (but != Kinds.RAW_PUBLIC_KEY) {
      ids.forEach(id -> change.delete(Kinds.RAW_PUBLIC_KEY, id, Change.ANY_VERSION));
    }
    psks.forEach(identity -> change.delete(Kinds.PSK, identity, Change.ANY_VERSION));
  }
}
