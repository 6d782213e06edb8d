package org.firstlight.bootstrap.enrolment;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
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
  void end(Change.Builder change, Kind<?> but) {
    List.of(Kinds.CERTIFICATE, Kinds.RAW_PUBLIC_KEY).stream()
        .filter(kind -> kind != but)
        .forEach(
            kind -> {
              change.delete(kind, OperationalCertificate.currentId(account), Change.ANY_VERSION);
              change.delete(kind, OperationalCertificate.nextId(account), Change.ANY_VERSION);
            });
    psks.forEach(identity -> change.delete(Kinds.PSK, identity, Change.ANY_VERSION));
  }
}
