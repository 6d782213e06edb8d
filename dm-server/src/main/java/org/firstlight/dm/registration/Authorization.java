package org.firstlight.dm.registration;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.transport.Peer;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * Whether the proven peer may register under this endpoint name, and with which server account.
 * Asked at a Register, for a resumed DTLS session was checked long ago; the verdict holds while the
 * records that it was made of have their versions.
 */
public final class Authorization {
  /** Clients without security have no credential that names an account. */
  static final int ACCOUNT_WITHOUT_SECURITY = 1;

  private final FleetState records;
  private final Clock clock;

  public Authorization(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  sealed interface Verdict {
    /**
     * @param edits to write with the registration: first what holds only while the credential is
     *     good, or makes the certificate that it came with the account's current one
     */
    record Allowed(int account, List<Change.Edit<?>> edits) implements Verdict {}

    record Refused(Failure failure) implements Verdict {}
  }

  /** Why this device may no longer speak to us, whoever vouches for it. */
  private static Optional<Failure> barred(Optional<Device> device) {
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

  /** Edits that hold only while the credential that was judged is still good. */
  static List<Change.Edit<?>> stillGood(Peer peer, int account, long version) {
    if (peer instanceof Peer.Certified) {
      String current = OperationalCertificate.currentId(account);
      return List.of(new Change.Edit.Keep<>(Kinds.CERTIFICATE, current, version));
    }
    if (peer instanceof Peer.RawKey) {
      String current = OperationalCertificate.currentId(account);
      return List.of(new Change.Edit.Keep<>(Kinds.RAW_PUBLIC_KEY, current, version));
    }
    return peer instanceof Peer.Keyed keyed
        ? List.of(new Change.Edit.Keep<>(Kinds.PSK, keyed.identity(), version))
        : List.of();
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

  sealed interface Credential {
    record Good(int account, List<Change.Edit<?>> edits) implements Credential {}

    record ForUnsecured() implements Credential {}

    record Bad(String reason) implements Credential {}
  }

  static Verdict verdict(Optional<Device> device, Credential credential) {
    Optional<Failure> barred = barred(device);
    if (barred.isPresent()) {
      return new Verdict.Refused(barred.get());
    }
    if (credential instanceof Credential.Bad bad) {
      return new Verdict.Refused(forbidden(bad.reason()));
    }
    if (credential instanceof Credential.Good good) {
      return new Verdict.Allowed(good.account(), good.edits());
    }
    return device.orElseThrow().mayComeWithoutSecurity()
        ? new Verdict.Allowed(ACCOUNT_WITHOUT_SECURITY, List.of())
        : new Verdict.Refused(forbidden("this device must come by coaps"));
  }

  CompletionStage<Credential> credential(Peer peer, EndpointName endpointName) {
    if (peer instanceof Peer.Certified certified) {
      return certified.name().equals(endpointName)
          ? certificate(certified)
          : bad("the certificate is not this endpoint's");
    }
    if (peer instanceof Peer.Keyed keyed) {
      return keyed.name().equals(endpointName) ? psk(keyed) : bad("the PSK is not this endpoint's");
    }
    if (peer instanceof Peer.RawKey raw) {
      return raw.name().equals(endpointName)
          ? rawKey(raw)
          : bad("the raw public key is not this endpoint's");
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
            found ->
                found
                    .filter(psk -> !psk.value().forBootstrap())
                    .<Credential>map(psk -> good(peer, psk))
                    .orElseGet(() -> new Credential.Bad("the PSK is no longer good")));
  }

  private static Credential good(Peer.Keyed peer, Stored<PskRecord> psk) {
    int account = psk.value().account();
    return new Credential.Good(account, stillGood(peer, account, psk.version()));
  }

  private CompletionStage<Credential> certificate(Peer.Certified peer) {
    return records
        .findAll(Kinds.CERTIFICATE, peer.name().value())
        .thenApply(
            all ->
                all.stream()
                    .filter(issued -> issued.value().sha256().equals(peer.certificateSha256()))
                    .findFirst()
                    .<Credential>map(found -> issued(peer, found, all))
                    .orElseGet(
                        () ->
                            new Credential.Bad(
                                "a newer certificate was issued since, or this one was revoked")));
  }

  private CompletionStage<Credential> rawKey(Peer.RawKey peer) {
    return records
        .findAll(Kinds.RAW_PUBLIC_KEY, peer.name().value())
        .thenApply(
            all ->
                all.stream()
                    .filter(issued -> issued.value().keySha256().equals(peer.keySha256()))
                    .findFirst()
                    .<Credential>map(found -> issued(peer, found))
                    .orElseGet(() -> new Credential.Bad("the raw public key is no longer good")));
  }

  /** A key that was still being handed over is taken into use by this. */
  private static Credential issued(Peer peer, Stored<OperationalRawKey> issued) {
    int account = issued.value().account();
    if (!issued.id().equals(OperationalCertificate.nextId(account))) {
      return new Credential.Good(account, stillGood(peer, account, issued.version()));
    }
    return new Credential.Good(
        account,
        List.of(
            new Change.Edit.Put<>(
                Kinds.RAW_PUBLIC_KEY,
                OperationalCertificate.currentId(account),
                Change.ANY_VERSION,
                issued.value()),
            new Change.Edit.Delete<>(Kinds.RAW_PUBLIC_KEY, issued.id(), issued.version())));
  }

  /** A certificate that was still being handed over is taken into use by this. */
  private Credential issued(
      Peer peer, Stored<OperationalCertificate> issued, List<Stored<OperationalCertificate>> all) {
    OperationalCertificate certificate = issued.value();
    int account = certificate.account();
    if (!issued.id().equals(OperationalCertificate.nextId(account))) {
      return new Credential.Good(account, stillGood(peer, account, issued.version()));
    }
    DeviceCertificates certificates = DeviceCertificates.of(all);
    certificates.put(OperationalCertificate.currentId(account), certificate);
    certificates.remove(issued.id());
    return new Credential.Good(
        account, certificates.edits(clock.instant(), RevocationReason.SUPERSEDED));
  }

  private static Failure forbidden(String reason) {
    return Failure.of(FailureCode.FORBIDDEN, reason);
  }
}
