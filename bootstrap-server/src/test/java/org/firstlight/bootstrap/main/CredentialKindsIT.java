package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.bootstrap.Wish;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.CertificateUsage;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.P256;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.leshan.LeshanModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written to /0 of each kind of credential, and who cannot have it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CredentialKindsIT {
  private static final Duration REFUSED = Duration.ofSeconds(5);

  private TestBed bed;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    bed = new TestBed(data);
  }

  @AfterAll
  void stop() {
    bed.close();
  }

  @Test
  void factory_key_is_certified_and_nothing_secret_is_written() throws Exception {
    plan(CredentialKind.CERTIFIED_FACTORY_KEY);
    EndpointName name = bed.claimed("acme", "own-1");
    Factory factory = TestBed.ACME.issue("CN=own-1");
    LwM2mObjectInstance security = bootstrapped(factory, name);

    assertThat(security.getResource(2).getValue()).isEqualTo(2L);
    X509Certificate certificate = certificate(bytes(security, 3));
    certificate.verify(bed.pki().operationalCa().certificate().getPublicKey());
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
    assertThat(certificate.getPublicKey()).isEqualTo(factory.certificate().getPublicKey());
    assertThat(certificate(bytes(security, 4))).isEqualTo(bed.pki().serverCa());
    assertThat(bytes(security, 5)).isEmpty();
    assertThat(bed.all(Kinds.CERTIFICATE, name))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.sha256()).isEqualTo(Certificates.sha256(certificate));
              assertThat(one.keySha256()).contains(Certificates.keySha256(certificate));
            });
  }

  @Test
  void factory_key_on_another_curve_is_not_certified() throws Exception {
    plan(CredentialKind.CERTIFIED_FACTORY_KEY);
    EndpointName name = bed.claimed("acme", "own-2");
    Factory factory = TestBed.ACME.issue(Wish.of("CN=own-2").keys(Wish.ec("secp384r1")));

    try (TestDevice device = bed.device(factory)) {
      assertNotForIt(device, name, "its factory key is not on P-256");
    }
  }

  @Test
  void client_that_came_with_a_psk_has_no_factory_key_to_certify() throws Exception {
    plan(CredentialKind.CERTIFIED_FACTORY_KEY);
    EndpointName name = bed.claimed("acme", "own-3");
    byte[] key = new byte[16];
    new SecureRandom().nextBytes(key);
    String identity = name + "#0#abcd";
    bed.put(
        Kinds.PSK,
        name.value(),
        identity,
        new PskRecord(
            identity,
            name,
            0,
            bed.pki().keyEncryption().encrypt(key, PskRecord.keyContext(identity)),
            Instant.now(),
            true));

    try (TestDevice device = TestDevice.withPsk(identity, key)) {
      assertNotForIt(device, name, "it came without a factory certificate");
    }
  }

  @Test
  void one_factory_key_on_two_devices_is_certified_for_the_first_alone() throws Exception {
    plan(CredentialKind.CERTIFIED_FACTORY_KEY);
    EndpointName first = bed.claimed("acme", "own-4");
    EndpointName second = bed.claimed("acme", "own-5");
    KeyPair image = Wish.ec("secp256r1");
    bootstrapped(TestBed.ACME.issue(Wish.of("CN=own-4").keys(image)), first);

    try (TestDevice copy = bed.device(TestBed.ACME.issue(Wish.of("CN=own-5").keys(image)))) {
      assertNotForIt(copy, second, "its factory key is one that another device has");
    }
    assertThat(bed.all(Kinds.CERTIFICATE, first)).hasSize(1);
  }

  @Test
  void raw_public_key_is_made_written_and_kept_as_a_hash() throws Exception {
    plan(CredentialKind.RAW_PUBLIC_KEY);
    EndpointName name = bed.claimed("acme", "raw-1");
    LwM2mObjectInstance security = bootstrapped(TestBed.ACME.issue("CN=raw-1"), name);

    assertThat(security.getResources().keySet()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 10);
    assertThat(security.getResource(2).getValue()).isEqualTo(1L);
    PublicKey own = publicKey(bytes(security, 3));
    assertThat(P256.has(own)).isTrue();
    assertThat(publicKey(bytes(security, 4)))
        .isEqualTo(bed.pki().dmServer().certificate().getPublicKey());
    assertBelongsTo(bytes(security, 5), own);
    String hash = Certificates.keySha256(own);
    Stored<OperationalRawKey> kept =
        bed.find(Kinds.RAW_PUBLIC_KEY, name.value(), OperationalCertificate.currentId(1))
            .orElseThrow();
    assertThat(kept.value().keySha256()).isEqualTo(hash);
    assertThat(kept.value().account()).isEqualTo(1);
    assertThat(bed.all(Kinds.RAW_PUBLIC_KEY, name)).hasSize(1);
    assertThat(bed.find(Kinds.BY_KEY, hash, hash).orElseThrow().value()).isEqualTo(new Hint(name));
    assertThat(bed.step(name, "enrolment").details()).containsEntry("credential", "rpk");
  }

  @Test
  void each_kind_takes_the_place_of_the_one_before() throws Exception {
    EndpointName name = bed.claimed("acme", "turn-1");
    Factory factory = TestBed.ACME.issue("CN=turn-1");
    plan(CredentialKind.RAW_PUBLIC_KEY);
    bootstrapped(factory, name);
    OperationalRawKey first = bed.all(Kinds.RAW_PUBLIC_KEY, name).get(0);
    bootstrapped(factory, name);
    assertThat(bed.all(Kinds.RAW_PUBLIC_KEY, name))
        .singleElement()
        .satisfies(one -> assertThat(one.keySha256()).isNotEqualTo(first.keySha256()));

    plan(CredentialKind.CERTIFIED_FACTORY_KEY);
    bootstrapped(factory, name);
    assertThat(bed.all(Kinds.RAW_PUBLIC_KEY, name)).isEmpty();
    assertThat(bed.all(Kinds.CERTIFICATE, name)).hasSize(1);

    plan(CredentialKind.RAW_PUBLIC_KEY);
    bootstrapped(factory, name);
    assertThat(bed.all(Kinds.CERTIFICATE, name)).isEmpty();
    assertThat(bed.all(Kinds.RAW_PUBLIC_KEY, name)).hasSize(1);

    plan(CredentialKind.PSK);
    bootstrapped(factory, name);
    assertThat(bed.all(Kinds.RAW_PUBLIC_KEY, name)).isEmpty();
    assertThat(bed.all(Kinds.PSK, name)).hasSize(1);
  }

  @Test
  void raw_public_key_of_a_session_that_failed_is_nobodys() throws Exception {
    plan(CredentialKind.RAW_PUBLIC_KEY);
    EndpointName name = bed.claimed("acme", "raw-2");
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=raw-2"))) {
      device.answering("POST /bs", ResponseCode.NOT_ACCEPTABLE);
      bed.bootstrap(device, name);
      await().until(() -> bed.session(name).failure().isPresent());
      assertThat(bed.all(Kinds.RAW_PUBLIC_KEY, name)).isEmpty();
    }
  }

  @Test
  void raw_public_key_opens_no_bootstrap() throws Exception {
    plan(CredentialKind.RAW_PUBLIC_KEY);
    EndpointName name = bed.claimed("acme", "raw-3");
    LwM2mObjectInstance security = bootstrapped(TestBed.ACME.issue("CN=raw-3"), name);
    PrivateKey key =
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(security, 5)));

    try (TestDevice device = TestDevice.withRawKey(key, publicKey(bytes(security, 3)))) {
      assertThat(device.bootstrap(bed.server().coapsAddress(), "ep=" + name, REFUSED)).isEmpty();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(bed.events("handshake.failed"))
                    .extracting(FleetEvent::details)
                    .anySatisfy(
                        details ->
                            assertThat(details)
                                .hasEntrySatisfying(
                                    "reason",
                                    reason ->
                                        assertThat(reason)
                                            .startsWith("it comes with a raw public key"))));
  }

  @ParameterizedTest
  @EnumSource(CertificateUsage.class)
  void certificate_usage_is_written_with_what_it_is_about(CertificateUsage usage) throws Exception {
    plan(CredentialKind.ISSUED_KEY, usage, Optional.empty());
    String id = "usage-" + usage.number();
    EndpointName name = bed.claimed("acme", id);
    LwM2mObjectInstance security = bootstrapped(TestBed.ACME.issue("CN=" + id), name);

    assertThat(security.getResource(15).getValue()).isEqualTo(ULong.valueOf(usage.number()));
    assertThat(certificate(bytes(security, 4)))
        .isEqualTo(
            usage.number() % 2 == 1 ? bed.pki().dmServer().certificate() : bed.pki().serverCa());
  }

  @Test
  void our_certificate_is_not_pinned_for_another_server() throws Exception {
    plan(
        CredentialKind.ISSUED_KEY,
        CertificateUsage.DOMAIN_ISSUED_CERTIFICATE,
        Optional.of("coaps://elsewhere.example"));
    EndpointName name = bed.claimed("acme", "usage-9");

    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=usage-9"))) {
      assertNotForIt(device, name, "does not name elsewhere.example");
    }
  }

  private void plan(CredentialKind kind) throws Exception {
    plan(kind, CertificateUsage.TRUST_ANCHOR_ASSERTION, Optional.empty());
  }

  private void plan(CredentialKind kind, CertificateUsage usage, Optional<String> uri)
      throws Exception {
    bed.plan(
        TestPlans.plan(
            kind,
            SubscriptionDelivery.NONE,
            new ServerAccountPlan(1, uri, 1, 1, Duration.ofMinutes(5), "U", usage)));
  }

  /** What /0 holds after a session that went well. */
  private LwM2mObjectInstance bootstrapped(Factory factory, EndpointName name) throws Exception {
    Optional<String> before = bed.device(name).lastSessionId();
    try (TestDevice device = bed.device(factory)) {
      bed.bootstrap(device, name);
      await()
          .untilAsserted(
              () -> {
                assertThat(bed.device(name).lastSessionId()).isNotEqualTo(before);
                assertThat(bed.session(name).ended()).isPresent();
                assertThat(bed.session(name).failure()).isEmpty();
                assertThat(bed.device(name).state()).isEqualTo(DeviceState.BOOTSTRAPPED);
              });
      return (LwM2mObjectInstance)
          new DefaultLwM2mDecoder()
              .decode(
                  device.payloads().get("PUT /0/1"),
                  ContentFormat.TLV,
                  new LwM2mPath(0, 1),
                  LeshanModels.newest(ObjectModels.builtIn().all()));
    }
  }

  private void assertNotForIt(TestDevice device, EndpointName name, String why) throws Exception {
    Response response = bed.bootstrap(device, name).orElseThrow();
    assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
    assertThat(device.calls()).isEmpty();
    Step step = bed.step(name, "enrolment");
    assertThat(step.ok()).isFalse();
    assertThat(step.details().get("reason")).contains(why);
    assertThat(bed.session(name).failure().orElseThrow().reason()).contains(why);
    assertThat(bed.all(Kinds.CERTIFICATE, name)).isEmpty();
  }

  private static byte[] bytes(LwM2mObjectInstance security, int resource) {
    return (byte[]) security.getResource(resource).getValue();
  }

  private static X509Certificate certificate(byte[] der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static PublicKey publicKey(byte[] der) throws Exception {
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der));
  }

  private static void assertBelongsTo(byte[] pkcs8, PublicKey publicKey) throws Exception {
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(new byte[] {1});
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(new byte[] {1});
    assertThat(signature.verify(signed)).isTrue();
  }
}
