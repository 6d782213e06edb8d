package org.firstlight.kit.enrolment;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Device;
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
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.OperationalCertificates;

/**
 * {@code /est/sren} (RFC 9148 §5.1): a new certificate for the holder of one that is good, who
 * shows it or its factory identity. It waits beside the one in use until the device registers with
 * it; an answer that was lost costs nothing.
 */
public final class SimpleReenroll implements Issuing {
  /** Tells who asks, or why that one may renew nothing. */
  public interface Renewers {
    CompletionStage<Outcome<Renewer>> of(Asked asked);
  }

  private final Renewers renewers;
  private final FleetState records;
  private final CertificateAuthority authority;
  private final IssuedBefore keys;
  private final Executor work;
  private final Clock clock;
  private final RenewalLimit limit;

  /**
   * @param work for reading and judging, so that no protocol thread does it
   */
  public SimpleReenroll(
      Renewers renewers,
      FleetState records,
      CertificateAuthority authority,
      Executor work,
      Clock clock) {
    this.renewers = renewers;
    this.records = records;
    this.authority = authority;
    this.keys = new IssuedBefore(records);
    this.work = work;
    this.clock = clock;
    this.limit = new RenewalLimit(clock);
  }

  @Override
  public CompletionStage<Outcome<X509Certificate>> issue(Asked asked) {
    return renewers
        .of(asked)
        .thenComposeAsync(
            renewer ->
                renewer
                    .result()
                    .map(who -> read(who, asked))
                    .orElseGet(() -> done(Outcome.refused(renewer.refusal().orElseThrow()))),
            work);
  }

  private CompletionStage<Outcome<X509Certificate>> read(Renewer renewer, Asked asked) {
    Outcome<CertificateRequest> request =
        CertificateRequest.read(asked.csr())
            .then(
                read ->
                    renewer
                        .used()
                        .map(used -> RequestedNames.same(read, used))
                        .orElseGet(
                            () -> RequestedNames.check(read, renewer.name(), Optional.empty())));
    if (request.refusal().isPresent()) {
      return done(Outcome.refused(request.refusal().get()));
    }
    CertificateRequest good = request.result().orElseThrow();
    return renewer.factoryKey().filter(good.keySha256()::equals).isPresent()
        ? refused(
            FailureCode.MALFORMED, "the request has the factory's key: the device makes a new one")
        : judged(renewer, good);
  }

  private CompletionStage<Outcome<X509Certificate>> judged(
      Renewer renewer, CertificateRequest request) {
    return keys.obstacle(request.keySha256(), renewer.name())
        .thenCompose(
            obstacle ->
                obstacle.isPresent()
                    ? refused(FailureCode.MALFORMED, "the request has a key that " + obstacle.get())
                    : looked(renewer, request));
  }

  private CompletionStage<Outcome<X509Certificate>> looked(
      Renewer renewer, CertificateRequest request) {
    String home = renewer.name().value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCombine(
            records.findAll(Kinds.CERTIFICATE, home),
            (device, all) -> new Now(device, used(all, renewer), List.of(), all))
        .thenCombine(
            records.findAll(Kinds.ENROLMENT, home),
            (now, open) -> new Now(now.device(), now.used(), open, now.all()))
        .thenComposeAsync(now -> issue(renewer, request, now), work);
  }

  private record Now(
      Optional<Stored<Device>> device,
      Optional<Stored<OperationalCertificate>> used,
      List<Stored<OpenEnrolment>> enrolments,
      List<Stored<OperationalCertificate>> all) {
    /** A bootstrap that runs has told the device to enrol for this account. */
    Optional<Stored<OpenEnrolment>> enrolment(int account) {
      return enrolments.stream()
          .filter(open -> open.value().account() == account && !open.value().finished())
          .findFirst();
    }

    /** A bootstrap has made the next certificate, and the device may be getting it just now. */
    boolean isHandedOver(Stored<OperationalCertificate> used) {
      String next = OperationalCertificate.nextId(used.value().account());
      return !used.id().equals(next)
          && all.stream()
              .anyMatch(one -> one.id().equals(next) && one.value().keySha256().isEmpty());
    }
  }

  private static Optional<Stored<OperationalCertificate>> used(
      List<Stored<OperationalCertificate>> all, Renewer renewer) {
    if (renewer.used().isEmpty()) {
      // of several accounts the newest one's; one that waits was never used
      return all.stream()
          .max(
              Comparator.comparing(
                      (Stored<OperationalCertificate> one) ->
                          OperationalCertificate.isCurrentId(one.id()))
                  .thenComparing(one -> one.value().notBefore()));
    }
    String shown = Certificates.sha256(renewer.used().get());
    return all.stream().filter(one -> one.value().sha256().equals(shown)).findFirst();
  }

  private CompletionStage<Outcome<X509Certificate>> issue(
      Renewer renewer, CertificateRequest request, Now now) {
    EndpointName name = renewer.name();
    if (now.device().filter(device -> !device.value().withdrawn()).isEmpty()) {
      return refused(FailureCode.FORBIDDEN, "this device is out of service");
    }
    Optional<String> pinned = now.device().flatMap(device -> device.value().factoryKeySha256());
    if (renewer.factoryKey().isPresent() && !renewer.factoryKey().equals(pinned)) {
      return refused(
          FailureCode.FORBIDDEN,
          "its factory key is not the one that this device bootstrapped with");
    }
    if (now.used().isEmpty()) {
      return refused(
          FailureCode.FORBIDDEN,
          "there is none to renew: a newer one was issued since, or it was revoked");
    }
    Stored<OperationalCertificate> used = now.used().get();
    if (!clock.instant().isBefore(used.value().notAfter())) {
      // the connection may be older than that
      return refused(FailureCode.FORBIDDEN, "the certificate has expired: bootstrap again");
    }
    if (now.isHandedOver(used)) {
      return refused(FailureCode.RATE_LIMITED, "a bootstrap is handing over another one");
    }
    if (!limit.allow(name)) {
      return refused(
          FailureCode.RATE_LIMITED,
          "it was renewed %d times within a day".formatted(RenewalLimit.MOST));
    }
    return authority
        .issueLater(request.key(), name, OperationalCertificates.VALIDITY)
        .thenComposeAsync(
            issued ->
                issued
                    .result()
                    .map(certificate -> keep(name, request, now, used, certificate))
                    .orElseGet(() -> done(issued)),
            work);
  }

  private CompletionStage<Outcome<X509Certificate>> keep(
      EndpointName name,
      CertificateRequest request,
      Now now,
      Stored<OperationalCertificate> used,
      X509Certificate certificate) {
    int account = used.value().account();
    OperationalCertificate issued =
        OperationalCertificates.recordOfItsOwnKey(name, account, certificate);
    DeviceCertificates certificates = DeviceCertificates.of(now.all());
    if (used.id().equals(OperationalCertificate.nextId(account))) {
      // it has not registered with this one yet
      certificates.put(OperationalCertificate.currentId(account), used.value());
    }
    certificates.put(OperationalCertificate.nextId(account), issued);
    Stored<Device> device = now.device().orElseThrow();
    Change.Builder change =
        Change.in(name.value())
            // written as it is: who takes the device's credentials away at this moment sees it
            .put(Kinds.DEVICE, device.id(), device.version(), device.value())
            .edits(certificates.edits(clock.instant(), RevocationReason.SUPERSEDED))
            .event(event(device.value(), account, certificate));
    now.enrolment(account)
        .ifPresent(
            open ->
                change.put(Kinds.ENROLMENT, open.id(), open.version(), open.value().withOneMore()));
    return records
        .commit(change.build())
        .thenCompose(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? keys.note(request.keySha256(), name)
                        .thenApply(noted -> Outcome.done(certificate))
                    : refused(FailureCode.RATE_LIMITED, "the device's record is being changed"));
  }

  private FleetEvent event(Device device, int account, X509Certificate certificate) {
    return new FleetEvent(
        clock.instant(),
        "certificate.issued",
        Optional.of(device.endpointName()),
        device.owner(),
        Map.of(
            "account", Integer.toString(account),
            "by", "sren",
            "serialNumber", certificate.getSerialNumber().toString(16),
            "until", certificate.getNotAfter().toInstant().toString()));
  }

  private static CompletionStage<Outcome<X509Certificate>> refused(FailureCode code, String why) {
    return done(Outcome.refused(code, why));
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }
}
