package org.firstlight.dm.registration;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.transport.Peer;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * Whether the proven peer may register under this endpoint name, and with which server account.
 * Asked at each Register, for a resumed DTLS session was checked long ago.
 */
public final class Authorization {
  /** Clients without security have no credential that names an account. */
  static final int ACCOUNT_WITHOUT_SECURITY = 1;

  private final FleetState records;

  public Authorization(FleetState records) {
    this.records = records;
  }

  sealed interface Verdict {
    /**
     * @param edits to write with the registration: the certificate that it came with is now the
     *     account's current one
     */
    record Allowed(Device device, int account, List<Change.Edit<?>> edits) implements Verdict {}

    record Refused(Failure failure) implements Verdict {}
  }

  /** Why this device may no longer speak to us, whoever vouches for it. */
  static Optional<Failure> barred(Optional<Device> device) {
    if (device.isEmpty()) {
      return Optional.of(forbidden("this endpoint is not known here"));
    }
    if (device.get().revocation().isPresent()) {
      return Optional.of(forbidden("this device is revoked"));
    }
    return device.get().state() == DeviceState.RETIRED
        ? Optional.of(forbidden("this device is retired"))
        : Optional.empty();
  }

  CompletionStage<Verdict> mayRegister(Peer peer, EndpointName endpointName) {
    String home = endpointName.value();
    CompletionStage<Optional<Device>> device =
        records.find(Kinds.DEVICE, home, home).thenApply(found -> found.map(Stored::value));
    return device.thenCombine(credential(peer, endpointName), Authorization::verdict);
  }

  /**
   * The server account that the peer's credential is good for now; empty if it names no endpoint or
   * was withdrawn. A DTLS session outlives the credential that opened it.
   */
  public CompletionStage<Optional<Integer>> account(Peer peer) {
    return peer.endpointName()
        .map(name -> credential(peer, name))
        .orElseGet(() -> bad("it names no endpoint"))
        .thenApply(
            credential ->
                credential instanceof Credential.Good good
                    ? Optional.of(good.account())
                    : Optional.empty());
  }

  private sealed interface Credential {
    record Good(int account, List<Change.Edit<?>> edits) implements Credential {}

    record ForUnsecured() implements Credential {}

    record Bad(String reason) implements Credential {}
  }

  private static Verdict verdict(Optional<Device> device, Credential credential) {
    Optional<Failure> barred = barred(device);
    if (barred.isPresent()) {
      return new Verdict.Refused(barred.get());
    }
    if (credential instanceof Credential.Bad bad) {
      return new Verdict.Refused(forbidden(bad.reason()));
    }
    if (credential instanceof Credential.Good good) {
      return new Verdict.Allowed(device.orElseThrow(), good.account(), good.edits());
    }
    return device.orElseThrow().mayComeWithoutSecurity()
        ? new Verdict.Allowed(device.orElseThrow(), ACCOUNT_WITHOUT_SECURITY, List.of())
        : new Verdict.Refused(forbidden("this device must come by coaps"));
  }

  private CompletionStage<Credential> credential(Peer peer, EndpointName endpointName) {
    if (peer instanceof Peer.Certified certified) {
      return certified.name().equals(endpointName)
          ? certificate(certified)
          : bad("the certificate is not this endpoint's");
    }
    if (peer instanceof Peer.Keyed keyed) {
      return keyed.name().equals(endpointName) ? psk(keyed) : bad("the PSK is not this endpoint's");
    }
    if (peer instanceof Peer.Nameless nameless) {
      return bad(nameless.reason());
    }
    return CompletableFuture.completedStage(new Credential.ForUnsecured());
  }

  private static CompletionStage<Credential> bad(String reason) {
    return CompletableFuture.completedStage(new Credential.Bad(reason));
  }

  private CompletionStage<Credential> psk(Peer.Keyed peer) {
    return records
        .find(Kinds.PSK, peer.name().value(), peer.identity())
        .thenApply(
            found -> {
              Optional<PskRecord> psk =
                  found.map(Stored::value).filter(record -> !record.forBootstrap());
              return psk.isPresent()
                  ? new Credential.Good(psk.get().account(), List.of())
                  : new Credential.Bad("the PSK is no longer good");
            });
  }

  private CompletionStage<Credential> certificate(Peer.Certified peer) {
    return records
        .findAll(Kinds.CERTIFICATE, peer.name().value())
        .thenApply(
            all ->
                all.stream()
                    .filter(issued -> issued.value().sha256().equals(peer.certificateSha256()))
                    .findFirst()
                    .<Credential>map(Authorization::issued)
                    .orElseGet(() -> new Credential.Bad("a newer certificate was issued since")));
  }

  /** A certificate that was still being handed over is taken into use by this. */
  private static Credential issued(Stored<OperationalCertificate> issued) {
    OperationalCertificate certificate = issued.value();
    int account = certificate.account();
    if (!issued.id().equals(OperationalCertificate.nextId(account))) {
      return new Credential.Good(account, List.of());
    }
    return new Credential.Good(
        account,
        List.of(
            new Change.Edit.Put<>(
                Kinds.CERTIFICATE,
                OperationalCertificate.currentId(account),
                Change.ANY_VERSION,
                certificate),
            new Change.Edit.Delete<>(Kinds.CERTIFICATE, issued.id(), Change.ANY_VERSION)));
  }

  private static Failure forbidden(String reason) {
    return Failure.of(FailureCode.FORBIDDEN, reason);
  }
}
