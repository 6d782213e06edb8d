package org.firstlight.bootstrap.enrolment;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.kit.est.IssuedBefore;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.OperationalCertificates;
import org.firstlight.kit.pki.P256;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.plan.AccountCredential;
import org.firstlight.kit.plan.AccountCredential.ServerTrust;
import org.firstlight.kit.plan.CheckedPlan;

/** Makes the operational credential of the kind that the plan names. */
public final class Enrolment {
  /** A device on a slow network has its last blocks to wait for. */
  private static final Duration FETCHED_WITHIN = Duration.ofHours(1);

  private static final int PSK_BYTES = 16;

  /** Short, as some clients take an identity of 32 bytes at most. */
  private static final int IDENTITY_BYTES = 4;

  private final Pki pki;
  private final FleetState records;
  private final IssuedBefore keys;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Enrolment(Pki pki, FleetState records, Clock clock) {
    this.pki = pki;
    this.records = records;
    this.keys = new IssuedBefore(records);
    this.clock = clock;
  }

  /**
   * Stores nothing that opens anything yet: {@link Enrolled} says what is to be stored when.
   * Refused where this device cannot have what its plan gives.
   */
  public CompletionStage<Outcome<Enrolled>> enrol(EndpointName name, Peer peer, CheckedPlan plan) {
    return Earlier.of(records, name, plan.account())
        .thenCompose(earlier -> enrol(name, peer, plan, earlier));
  }

  private CompletionStage<Outcome<Enrolled>> enrol(
      EndpointName name, Peer peer, CheckedPlan plan, Earlier earlier) {
    return switch (plan.credentialKind()) {
      case ISSUED_KEY -> issuedKey(name, plan, earlier);
      case CERTIFIED_FACTORY_KEY -> certifiedFactoryKey(name, peer, plan, earlier);
      case EST ->
          done(
              serverTrust(plan)
                  .map(
                      trust ->
                          new EstCredential(
                              new AccountCredential.ByEst(trust),
                              clock.instant().plus(FETCHED_WITHIN),
                              earlier)));
      case RAW_PUBLIC_KEY -> rawPublicKey(name, earlier);
      case PSK -> done(Outcome.done(randomPsk(name, earlier)));
      case NO_SECURITY -> done(Outcome.done(new NoCredential(earlier)));
    };
  }

  /** What the device knows the server by; a pinned certificate is that of this platform's. */
  private Outcome<ServerTrust> serverTrust(CheckedPlan plan) {
    X509Certificate server = pki.dmServer().certificate();
    if (!plan.certificateUsage().pinsServer()) {
      return Outcome.done(
          new ServerTrust(Certificates.der(pki.serverCa()), plan.certificateUsage()));
    }
    String host = URI.create(plan.serverUri()).getHost();
    return CertificateNames.dnsNames(server).stream().anyMatch(host::equalsIgnoreCase)
        ? Outcome.done(new ServerTrust(Certificates.der(server), plan.certificateUsage()))
        : Outcome.refused(
            FailureCode.CONFLICT,
            "plan '%s': certificate usage %d pins this platform's certificate, which does not name %s"
                .formatted(plan.id(), plan.certificateUsage().number(), host));
  }

  private CompletionStage<Outcome<Enrolled>> issuedKey(
      EndpointName name, CheckedPlan plan, Earlier earlier) {
    KeyPair pair = P256.newPair();
    byte[] key = pair.getPrivate().getEncoded();
    return certified(
            plan,
            pair.getPublic(),
            name,
            (certificate, trust) ->
                new IssuedCertificate(
                    new AccountCredential.Certificate(Certificates.der(certificate), trust, key),
                    OperationalCertificates.record(name, earlier.account(), certificate),
                    earlier))
        .whenComplete(
            (made, fault) -> {
              if (made == null || made.refusal().isPresent()) {
                Arrays.fill(key, (byte) 0);
              }
            });
  }

  /** Refused as well while the CA's key is away. */
  private CompletionStage<Outcome<Enrolled>> certified(
      CheckedPlan plan,
      PublicKey key,
      EndpointName name,
      BiFunction<X509Certificate, ServerTrust, Enrolled> enrolled) {
    Outcome<ServerTrust> trust = serverTrust(plan);
    return trust.refusal().isPresent()
        ? done(Outcome.refused(trust.refusal().get()))
        : pki.operationalCa()
            .issueLater(key, name, OperationalCertificates.VALIDITY)
            .thenApply(
                issued ->
                    issued.map(
                        certificate -> enrolled.apply(certificate, trust.result().orElseThrow())));
  }

  private CompletionStage<Outcome<Enrolled>> certifiedFactoryKey(
      EndpointName name, Peer peer, CheckedPlan plan, Earlier earlier) {
    Optional<Peer.Factory> factory =
        peer instanceof Peer.Factory one ? Optional.of(one) : Optional.empty();
    if (factory.isEmpty()) {
      return refused(plan, "it came without a factory certificate, whose key is to be certified");
    }
    if (!P256.has(factory.get().key())) {
      return refused(plan, "its factory key is not on P-256");
    }
    String key = factory.get().keySha256();
    return keys.obstacle(key, name)
        .thenCompose(
            obstacle ->
                obstacle.isPresent()
                    ? refused(plan, "its factory key is one that " + obstacle.get())
                    : keys.note(key, name)
                        .thenCompose(
                            noted -> certifiedKey(name, factory.get().key(), plan, earlier)));
  }

  private CompletionStage<Outcome<Enrolled>> certifiedKey(
      EndpointName name, PublicKey key, CheckedPlan plan, Earlier earlier) {
    return certified(
        plan,
        key,
        name,
        (certificate, trust) ->
            new IssuedCertificate(
                new AccountCredential.Certificate(
                    Certificates.der(certificate), trust, new byte[0]),
                OperationalCertificates.recordOfItsOwnKey(name, earlier.account(), certificate),
                earlier));
  }

  private CompletionStage<Outcome<Enrolled>> rawPublicKey(EndpointName name, Earlier earlier) {
    KeyPair pair = P256.newPair();
    String key = Certificates.keySha256(pair.getPublic());
    // the DM server finds the device by this, as a raw key names nobody
    return keys.note(key, name)
        .thenApply(
            noted ->
                Outcome.done(
                    new IssuedRawKey(
                        new AccountCredential.RawPublicKey(
                            pair.getPublic().getEncoded(),
                            pki.dmServer().certificate().getPublicKey().getEncoded(),
                            pair.getPrivate().getEncoded()),
                        new OperationalRawKey(name, earlier.account(), key, clock.instant()),
                        earlier)));
  }

  private Enrolled randomPsk(EndpointName name, Earlier earlier) {
    String identity =
        "%s#%d#%s"
            .formatted(name, earlier.account(), HexFormat.of().formatHex(bytes(IDENTITY_BYTES)));
    byte[] key = bytes(PSK_BYTES);
    return new RandomPsk(
        new AccountCredential.PreSharedKey(identity.getBytes(StandardCharsets.UTF_8), key),
        new PskRecord(
            identity,
            name,
            earlier.account(),
            pki.keyEncryption().encrypt(key, PskRecord.keyContext(identity)),
            clock.instant(),
            false),
        earlier);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static CompletionStage<Outcome<Enrolled>> refused(CheckedPlan plan, String why) {
    return done(
        Outcome.refused(
            FailureCode.CONFLICT,
            "plan '%s': %s: %s"
                .formatted(plan.id(), CredentialKind.CERTIFIED_FACTORY_KEY.word(), why)));
  }

  private static CompletionStage<Outcome<Enrolled>> done(Outcome<Enrolled> outcome) {
    return CompletableFuture.completedStage(outcome);
  }
}
