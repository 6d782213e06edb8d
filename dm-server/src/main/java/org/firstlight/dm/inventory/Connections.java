package org.firstlight.dm.inventory;

import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.kit.pki.CertificateAuthority;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.OperationalCertificates;
import org.firstlight.kit.pki.Pki;

/**
 * Lets an engineer's own client in, for bootstrap and directly: a claimed device under a
 * manufacturer and a tenant that are there for nothing else, with an onboarding plan that asks
 * nothing of it. Asked again for the same client, it gets new credentials, and the old ones end.
 */
public final class Connections {
  /** Who owns these clients. */
  public static final String TENANT = Device.CONNECTED;

  private static final int OPERATOR_ACCOUNT = 1;
  private static final int KEY_BYTES = 16;
  private static final int IDENTITY_BYTES = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final BlockingState state;
  private final KeyEncryption encryption;
  private final CertificateAuthority operationalCa;
  private final PinnedClients pinned;
  private final Clock clock;

  public Connections(BlockingState state, Pki pki, Clock clock) {
    this.state = state;
    this.encryption = pki.keyEncryption();
    this.operationalCa = pki.operationalCa();
    this.pinned = new PinnedClients(state);
    this.clock = clock;
  }

  /**
   * A key that is shown once.
   *
   * @param hex for its client alone
   */
  public record Psk(String identity, String hex) {
    @Override
    public String toString() {
      return "Psk[" + identity + "]";
    }
  }

  /** Keys for both servers. */
  public record Keys(Psk bootstrap, Psk dm) {}

  /**
   * A client with a key for each server; it may go to either first.
   *
   * @param dm where it finds the LwM2M Server, if not where every device does
   */
  public Outcome<Keys> withPsk(EndpointName name, Optional<URI> dm) {
    // some clients know no PSK identity but their endpoint name
    Psk first = new Psk(name.value(), hex(KEY_BYTES));
    Psk direct =
        new Psk("%s#%d#%s".formatted(name, OPERATOR_ACCOUNT, hex(IDENTITY_BYTES)), hex(KEY_BYTES));
    return let(
            new Client(name, "psk", Optional.empty()),
            new ConnectionPlan(CredentialKind.PSK, dm),
            List.of(record(first, name, 0, true), record(direct, name, OPERATOR_ACCOUNT, false)),
            Optional.empty())
        .map(done -> new Keys(first, direct));
  }

  /**
   * A client without any credential, for loopback; it may go to either server first.
   *
   * @param dm the plain URI
   */
  public Outcome<Boolean> withoutSecurity(EndpointName name, URI dm) {
    return let(
        new Client(name, Device.NO_SECURITY, Optional.empty()),
        new ConnectionPlan(CredentialKind.NO_SECURITY, Optional.of(dm)),
        List.of(),
        Optional.empty());
  }

  /**
   * A client that shows exactly this certificate to the bootstrap server; or goes directly to the
   * LwM2M Server, with the same key and the certificate that this answers.
   *
   * @param dm where it finds the LwM2M Server, if not where every device does
   */
  public Outcome<X509Certificate> withCertificate(
      EndpointName name, X509Certificate certificate, Optional<URI> dm) {
    return pinned
        .pin(name, certificate, clock.instant())
        .then(
            id ->
                operationalCa
                    .issueLater(certificate.getPublicKey(), name, OperationalCertificates.VALIDITY)
                    .toCompletableFuture()
                    .join()
                    .then(operational -> withCertificates(name, id, certificate, operational, dm)));
  }

  private Outcome<X509Certificate> withCertificates(
      EndpointName name,
      String factoryId,
      X509Certificate certificate,
      X509Certificate operational,
      Optional<URI> dm) {
    return let(
            new Client(name, factoryId, Optional.of(Certificates.keySha256(certificate))),
            new ConnectionPlan(CredentialKind.ISSUED_KEY, dm),
            List.of(),
            Optional.of(OperationalCertificates.record(name, OPERATOR_ACCOUNT, operational)))
        .map(done -> operational);
  }

  private record Client(EndpointName name, String factoryId, Optional<String> keySha256) {
    Device at(Instant now, String model) {
      return new Device(
          name,
          Device.CONNECTED,
          factoryId,
          keySha256,
          model,
          name.value(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(new Claim(TENANT, now, List.of())),
          // it holds what the LwM2M Server asks for, as after a bootstrap
          DeviceState.BOOTSTRAPPED,
          now,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Optional.empty());
    }
  }

  private Outcome<Boolean> let(
      Client client,
      ConnectionPlan plan,
      List<PskRecord> keys,
      Optional<OperationalCertificate> certificate) {
    String home = client.name().value();
    Optional<Stored<Device>> before = state.find(Kinds.DEVICE, home);
    Optional<String> obstacle = before.map(Stored::value).flatMap(Connections::obstacle);
    if (obstacle.isPresent()) {
      return Outcome.refused(FailureCode.CONFLICT, "name: " + obstacle.get());
    }
    ensureHouse(plan);
    Change.Builder change =
        Change.in(home)
            .put(
                Kinds.DEVICE,
                home,
                before.map(Stored::version).orElse(0L),
                client.at(clock.instant(), plan.model()))
            .registration(RegistrationEdit.EndAll.ofAnyAge())
            .event(event("device.claimed", Optional.of(client.name()), Map.of("by", "connect")));
    List<String> identities = keys.stream().map(PskRecord::identity).toList();
    state.findAll(Kinds.PSK, home).stream()
        .map(Stored::id)
        .filter(id -> !identities.contains(id))
        .forEach(id -> change.delete(Kinds.PSK, id, Change.ANY_VERSION));
    state.findAll(Kinds.RAW_PUBLIC_KEY, home).stream()
        .map(Stored::id)
        .forEach(id -> change.delete(Kinds.RAW_PUBLIC_KEY, id, Change.ANY_VERSION));
    DeviceCertificates certificates = DeviceCertificates.of(state.findAll(Kinds.CERTIFICATE, home));
    certificates.removeAll();
    certificate.ifPresent(
        issued -> certificates.put(OperationalCertificate.currentId(OPERATOR_ACCOUNT), issued));
    change.edits(certificates.edits(clock.instant(), RevocationReason.SUPERSEDED));
    keys.forEach(key -> change.put(Kinds.PSK, key.identity(), Change.ANY_VERSION, key));
    return state.commit(change.build()) instanceof CommitOutcome.Committed
        ? Outcome.done(true)
        : Outcome.refused(FailureCode.CONFLICT, "the client is being let in at this moment");
  }

  private static Optional<String> obstacle(Device device) {
    if (!device.manufacturer().equals(Device.CONNECTED)) {
      return Optional.of("a device of a manufacturer has it");
    }
    if (device.state() == DeviceState.RETIRED) {
      return Optional.of("this client is retired");
    }
    return device.revocation().map(why -> "this client is revoked");
  }

  /** What such clients belong to; a conflict means that it is there. */
  private void ensureHouse(ConnectionPlan plan) {
    Tenant tenant =
        new Tenant(
            TENANT,
            "Clients let in by connect",
            Tenant.Kind.SERVICE_PROVIDER,
            Optional.empty(),
            Optional.empty());
    state.commit(Change.in(TENANT).put(Kinds.TENANT, TENANT, 0, tenant).build());
    state.commit(
        Change.in(Device.CONNECTED)
            .put(Kinds.MANUFACTURER, Device.CONNECTED, 0, PinnedClients.nobody())
            .build());
    Optional<Stored<OnboardingPlan>> stored = state.find(Kinds.PLAN, plan.id());
    plan.after(stored.map(Stored::value))
        .ifPresent(
            now ->
                state.commit(
                    Change.in(plan.id())
                        .put(Kinds.PLAN, plan.id(), stored.map(Stored::version).orElse(0L), now)
                        .event(
                            event(
                                "onboarding-plan.changed",
                                Optional.empty(),
                                Map.of("id", plan.id(), "change", "saved")))
                        .build()));
  }

  private PskRecord record(Psk psk, EndpointName name, int account, boolean forBootstrap) {
    byte[] key = HexFormat.of().parseHex(psk.hex());
    try {
      return new PskRecord(
          psk.identity(),
          name,
          account,
          encryption.encrypt(key, PskRecord.keyContext(psk.identity())),
          clock.instant(),
          forBootstrap);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private FleetEvent event(String type, Optional<EndpointName> name, Map<String, String> details) {
    return new FleetEvent(clock.instant(), type, name, name.map(client -> TENANT), details);
  }
}
