package org.firstlight.bootstrap.enrolment;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.OperationalCertificates;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.plan.AccountCredential;
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
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Enrolment(Pki pki, FleetState records, Clock clock) {
    this.pki = pki;
    this.records = records;
    this.clock = clock;
  }

  /** Stores nothing yet: {@link Enrolled} says what is to be stored when. */
  public CompletionStage<Enrolled> enrol(EndpointName endpointName, CheckedPlan plan) {
    int account = plan.account();
    return records
        .findAll(Kinds.PSK, endpointName.value())
        .thenApply(all -> earlier(all, account))
        .thenApply(
            earlier ->
                switch (plan.credentialKind()) {
                  case ISSUED_KEY -> issuedKey(endpointName, account, earlier);
                  case EST ->
                      new EstCredential(
                          new AccountCredential.ByEst(Certificates.der(pki.serverCa())),
                          account,
                          clock.instant().plus(FETCHED_WITHIN),
                          earlier);
                  case PSK -> randomPsk(endpointName, account, earlier);
                  case NO_SECURITY -> new NoCredential(account, earlier);
                });
  }

  private static List<String> earlier(List<Stored<PskRecord>> all, int account) {
    return all.stream()
        .map(Stored::value)
        .filter(psk -> !psk.forBootstrap() && psk.account() == account)
        .map(PskRecord::identity)
        .toList();
  }

  private Enrolled issuedKey(EndpointName endpointName, int account, List<String> earlier) {
    KeyPair pair = keyPair();
    X509Certificate certificate =
        pki.operationalCa().issue(pair.getPublic(), endpointName, OperationalCertificates.VALIDITY);
    return new IssuedKey(
        new AccountCredential.Certificate(
            Certificates.der(certificate),
            Certificates.der(pki.serverCa()),
            pair.getPrivate().getEncoded()),
        OperationalCertificates.record(endpointName, account, certificate),
        earlier);
  }

  private KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  private Enrolled randomPsk(EndpointName endpointName, int account, List<String> earlier) {
    String identity =
        "%s#%d#%s"
            .formatted(endpointName, account, HexFormat.of().formatHex(bytes(IDENTITY_BYTES)));
    byte[] key = bytes(PSK_BYTES);
    return new RandomPsk(
        new AccountCredential.PreSharedKey(identity.getBytes(StandardCharsets.UTF_8), key),
        new PskRecord(
            identity,
            endpointName,
            account,
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
}
