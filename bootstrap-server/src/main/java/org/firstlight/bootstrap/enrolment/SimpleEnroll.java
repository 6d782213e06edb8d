package org.firstlight.bootstrap.enrolment;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.bootstrap.trust.Peers;
import org.firstlight.bootstrap.trust.Peers.Known;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.coap.EstResource.Asked;
import org.firstlight.kit.coap.EstResource.Issuing;
import org.firstlight.kit.est.CertificateRequest;
import org.firstlight.kit.est.IssuedBefore;
import org.firstlight.kit.est.RequestedNames;
import org.firstlight.kit.pki.CertificateAuthority;
import org.firstlight.kit.pki.OperationalCertificates;

/**
 * {@code /est/sen} (RFC 9148 §5.1): the operational certificate of a device whose plan says so,
 * over the connection that its factory identity opened, before or after Finish. The device is
 * BOOTSTRAPPED when it has both. What is issued waits beside the certificate in use until the
 * device registers with it: an answer may be lost, and the device asks again.
 */
public final class SimpleEnroll implements Issuing {
  private static final int ATTEMPTS = 5;

  private final Peers peers;
  private final FleetState records;
  private final CertificateAuthority authority;
  private final IssuedBefore keys;
  private final Executor work;
  private final Clock clock;

  /**
   * @param work for reading and judging, so that no protocol thread does it
   */
  public SimpleEnroll(
      Peers peers, FleetState records, CertificateAuthority authority, Executor work, Clock clock) {
    this.peers = peers;
    this.records = records;
    this.authority = authority;
    this.keys = new IssuedBefore(records);
    this.work = work;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Outcome<X509Certificate>> issue(Asked asked) {
    return peers
        .at(asked.principal())
        .thenComposeAsync(
            known ->
                name(known)
                    .map(name -> issue(name, asked, known))
                    .orElseGet(() -> forbidden("enrolment is for a device that is bootstrapped")),
            work);
  }

  private static Optional<EndpointName> name(Known known) {
    if (!(known instanceof Known.As as)) {
      return Optional.empty();
    }
    if (as.peer() instanceof Peer.Factory factory) {
      return factory.endpointName().flatMap(EndpointName::of);
    }
    return as.peer() instanceof Peer.Keyed keyed
        ? Optional.of(keyed.endpointName())
        : Optional.empty();
  }

  private CompletionStage<Outcome<X509Certificate>> issue(
      EndpointName name, Asked asked, Known known) {
    Outcome<CertificateRequest> request =
        CertificateRequest.read(asked.csr())
            .then(read -> RequestedNames.check(read, name, factorySubject(asked)))
            .then(read -> notTheFactorys(read, known));
    return request.refusal().isPresent()
        ? done(Outcome.refused(request.refusal().get()))
        : keys.obstacle(request.result().orElseThrow().keySha256(), name)
            .thenComposeAsync(
                obstacle ->
                    obstacle.isPresent()
                        ? done(
                            Outcome.refused(
                                FailureCode.MALFORMED,
                                "the request has a key that " + obstacle.get()))
                        : issue(name, request.result().orElseThrow(), ATTEMPTS),
                work);
  }

  private static Optional<X500Principal> factorySubject(Asked asked) {
    return asked.principal() instanceof X509CertPath path
        ? Optional.of(path.getTarget().getSubjectX500Principal())
        : Optional.empty();
  }

  private static Outcome<CertificateRequest> notTheFactorys(
      CertificateRequest request, Known known) {
    boolean same =
        known instanceof Known.As as
            && as.peer() instanceof Peer.Factory factory
            && factory.keySha256().equals(request.keySha256());
    return same
        ? Outcome.refused(
            FailureCode.MALFORMED, "the request has the factory's key: the device makes a new one")
        : Outcome.done(request);
  }

  private record Now(
      Optional<Stored<Device>> device,
      Optional<Stored<OpenEnrolment>> open,
      List<Stored<OperationalCertificate>> certificates) {}

  /** The device's record is read first and written with its version: no turn of it is missed. */
  private CompletionStage<Outcome<X509Certificate>> issue(
      EndpointName name, CertificateRequest request, int attempts) {
    String home = name.value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(
            records.findAll(Kinds.ENROLMENT, home),
            (device, open) -> new Now(device, newest(open), List.of()))
        .thenCombine(
            records.findAll(Kinds.CERTIFICATE, home),
            (now, certificates) -> new Now(now.device(), now.open(), certificates))
        .thenComposeAsync(now -> issue(name, request, now, attempts), work);
  }

  /** A plan has one account now; of several the one that is open longest. */
  private static Optional<Stored<OpenEnrolment>> newest(List<Stored<OpenEnrolment>> open) {
    return open.stream().max((one, other) -> one.value().until().compareTo(other.value().until()));
  }

  private CompletionStage<Outcome<X509Certificate>> issue(
      EndpointName name, CertificateRequest request, Now now, int attempts) {
    Optional<String> obstacle = obstacle(now, clock.instant());
    if (obstacle.isPresent()) {
      return forbidden(obstacle.get());
    }
    return authority
        .issueLater(request.key(), name, OperationalCertificates.VALIDITY)
        .thenComposeAsync(
            issued ->
                issued
                    .result()
                    .map(certificate -> keep(name, request, now, certificate, attempts))
                    .orElseGet(() -> done(issued)),
            work);
  }

  private CompletionStage<Outcome<X509Certificate>> keep(
      EndpointName name,
      CertificateRequest request,
      Now now,
      X509Certificate certificate,
      int attempts) {
    Instant at = clock.instant();
    Stored<Device> stored = now.device().orElseThrow();
    Stored<OpenEnrolment> open = now.open().orElseThrow();
    Device device = stored.value();
    boolean bootstrapped =
        open.value().finished()
            && device.waiting().isPresent()
            && device.state().mayBecome(DeviceState.BOOTSTRAPPED);
    Device after = bootstrapped ? device.become(DeviceState.BOOTSTRAPPED, at) : device;
    int account = open.value().account();
    DeviceCertificates certificates = DeviceCertificates.of(now.certificates());
    certificates.put(
        OperationalCertificate.nextId(account),
        OperationalCertificates.recordOfItsOwnKey(name, account, certificate));
    Change.Builder change =
        Change.in(name.value())
            .put(Kinds.DEVICE, stored.id(), stored.version(), after)
            .put(Kinds.ENROLMENT, open.id(), open.version(), open.value().withOneMore())
            .edits(certificates.edits(at, RevocationReason.SUPERSEDED))
            .event(
                event(
                    after,
                    "certificate.issued",
                    Map.of(
                        "account", Integer.toString(account),
                        "by", "sen",
                        "serialNumber", certificate.getSerialNumber().toString(16),
                        "until", certificate.getNotAfter().toInstant().toString())));
    if (bootstrapped) {
      change.event(event(after, "device.bootstrapped", Map.of("credential", "est")));
    }
    return records
        .commit(change.build())
        .thenComposeAsync(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? keys.note(request.keySha256(), name)
                        .thenApply(noted -> Outcome.done(certificate))
                    : attempts > 1
                        ? issue(name, request, attempts - 1)
                        : done(
                            Outcome.refused(
                                FailureCode.RATE_LIMITED, "the device's record is being changed")),
            work);
  }

  private static Optional<String> obstacle(Now now, Instant at) {
    if (now.device().isEmpty() || now.open().isEmpty()) {
      return Optional.of("no bootstrap told this device to enrol");
    }
    if (now.device().get().value().withdrawn()) {
      return Optional.of("this device is out of service");
    }
    OpenEnrolment open = now.open().get().value();
    if (!at.isBefore(open.until())) {
      return Optional.of("its time to enrol is over: bootstrap again");
    }
    return open.issued() >= OpenEnrolment.MOST_ISSUED
        ? Optional.of("it asked for too many certificates: bootstrap again")
        : Optional.empty();
  }

  private FleetEvent event(Device device, String type, Map<String, String> details) {
    return new FleetEvent(
        clock.instant(), type, Optional.of(device.endpointName()), device.owner(), details);
  }

  private static CompletionStage<Outcome<X509Certificate>> forbidden(String why) {
    return done(Outcome.refused(FailureCode.FORBIDDEN, why));
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }
}
