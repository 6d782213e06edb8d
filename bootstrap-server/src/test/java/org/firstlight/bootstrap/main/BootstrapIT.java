package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Exchange;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.leshan.LeshanModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions over real DTLS and a real Redis: what a device gets, and what is kept of it. */
class BootstrapIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final byte[] SEALED = bytes(1100);

  @TempDir private Path data;
  private TestBed bed;

  @BeforeEach
  void start() throws Exception {
    bed = new TestBed(data);
  }

  @AfterEach
  void stop() {
    bed.close();
  }

  @Test
  void claimed_device_is_given_everything_in_order() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      assertThat(code(bed.bootstrap(device, name))).contains(ResponseCode.CHANGED);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);

      // so that denying the CA reaches what the device is given here
      assertThat(bed.device(name).authority())
          .contains(Certificates.keySha256(TestBed.ACME.certificate()));
      assertThat(device.calls())
          .containsExactly(
              "GET /",
              "DELETE /0",
              "DELETE /1",
              "DELETE /2",
              "DELETE /11",
              "PUT /0/1",
              "PUT /1/1",
              "PUT /13/0",
              "PUT /10/0",
              "PUT /11/0",
              "PUT /505/0/3",
              "POST /bs");
      Map<String, byte[]> payloads = device.payloads();
      assertThat(payloads.get("PUT /505/0/3")).isEqualTo(SEALED);
      assertThat(instance(payloads, 13, 0).getResource(6).getValue())
          .isEqualTo("20801,26201,26202");
      assertThat(instance(payloads, 13, 0).getResource(7).getValue()).isEqualTo(false);
      LwM2mObjectInstance security = instance(payloads, 0, 1);
      assertThat(security.getResource(0).getValue()).isEqualTo("coaps://localhost:5784");
      assertThat(security.getResource(2).getValue()).isEqualTo(2L);
      assertThat(security.getResources().keySet())
          .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 10, 15);
      X509Certificate certificate = certificate((byte[]) security.getResource(3).getValue());
      certificate.verify(bed.pki().operationalCa().certificate().getPublicKey());
      assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + name);
      assertBelongsTo((byte[]) security.getResource(5).getValue(), certificate);
      assertThat(bed.find(Kinds.CERTIFICATE, name.value(), OperationalCertificate.currentId(1)))
          .isPresent();
      assertThat(bed.find(Kinds.CERTIFICATE, name.value(), OperationalCertificate.nextId(1)))
          .isEmpty();
    }
  }

  @Test
  void device_gets_an_apns_secrets_and_no_record_of_the_session_holds_them() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    OnboardingPlan plan = TestPlans.fullPlan();
    String password = "apn-password-canary";
    bed.plan(
        plan.withApns(
            plan.apns(),
            Map.of(
                "/11/0/6",
                bed.pki()
                    .keyEncryption()
                    .encrypt(
                        password.getBytes(StandardCharsets.UTF_8),
                        OnboardingPlan.secretContext(plan.id(), "/11/0/6")))));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);

      assertThat(instance(device.payloads(), 11, 0).getResource(6).getValue()).isEqualTo(password);
    }
    assertThat(bed.session(name).exchanges())
        .extracting(Exchange::path)
        .anyMatch(path -> path.startsWith("/11/0"));
    assertThat(bed.session(name).toString()).doesNotContain(password);
    assertThat(bed.journey(name).toString()).doesNotContain(password);
    assertThat(bed.events("journey.step").toString()).doesNotContain(password);
  }

  @Test
  void session_journey_and_events_tell_what_happened_without_values() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
    }

    BootstrapSession session = bed.session(name);
    assertThat(session.ended()).isPresent();
    assertThat(session.failure()).isEmpty();
    assertThat(session.exchanges())
        .extracting(Exchange::operation)
        .startsWith("Discover", "Delete");
    assertThat(session.exchanges()).extracting(Exchange::result).contains("2.05", "2.02", "2.04");
    assertThat(bed.journey(name).steps())
        .extracting(Step::name)
        .containsExactly(
            "handshake", "admission", "plan", "enrolment", "bootstrap", "subscription");
    assertThat(bed.journey(name).steps()).allMatch(Step::ok);
    assertThat(bed.step(name, "enrolment").details()).containsEntry("credential", "issued-key");
    assertThat(bed.step(name, "bootstrap").details()).containsEntry("writes", "6");
    assertThat(bed.step(name, "subscription").details()).containsEntry("delivery", "push");
    assertThat(bed.events("journey.step")).hasSize(6);
    assertThat(bed.events("device.bootstrapped"))
        .singleElement()
        .satisfies(event -> assertThat(event.tenant()).contains(TestBed.OWNER));
    assertThat(bed.all(Kinds.SUBSCRIPTION, name))
        .singleElement()
        .satisfies(sub -> assertThat(sub.state()).isEqualTo(SubscriptionState.INSTALL_PENDING));
  }

  @Test
  void psk_is_stored_encrypted_before_finish_and_replaces_the_one_before() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.plan(TestPlans.plan(CredentialKind.PSK, SubscriptionDelivery.NONE, 1024));
    Factory factory = TestBed.ACME.issue("CN=dev-1");
    try (TestDevice device = bed.device(factory)) {
      device.answering(
          "POST /bs",
          call -> {
            assertThat(TestBed.unchecked(() -> bed.all(Kinds.PSK, name))).hasSize(1);
            return ResponseCode.CHANGED;
          });
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
      PskRecord first = bed.all(Kinds.PSK, name).get(0);
      LwM2mObjectInstance security = instance(device.payloads(), 0, 1);
      assertThat(new String((byte[]) security.getResource(3).getValue(), StandardCharsets.UTF_8))
          .isEqualTo(first.identity())
          .startsWith(name + "#1#");
      assertThat((byte[]) security.getResource(5).getValue())
          .hasSize(16)
          .isEqualTo(
              bed.pki()
                  .keyEncryption()
                  .decrypt(first.key(), PskRecord.keyContext(first.identity())));
      assertThat(security.getResources().keySet()).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 10);

      device.answering("POST /bs", ResponseCode.CHANGED);
      String firstSession = bed.session(name).id();
      bed.bootstrap(device, name);
      await()
          .atMost(PATIENCE)
          .until(() -> !ended(name).equals(Optional.of(firstSession)) && ended(name).isPresent());
      assertThat(bed.all(Kinds.PSK, name))
          .singleElement()
          .satisfies(psk -> assertThat(psk.identity()).isNotEqualTo(first.identity()));
    }
  }

  @Test
  void large_package_goes_block_by_block_in_the_plans_size() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    byte[] sealed = bytes(100_000);
    bed.subscription(name, sealed);
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.PUSH, 512));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);

      assertThat(device.payloads().get("PUT /505/0/3")).isEqualTo(sealed);
      assertThat(bed.session(name).exchanges())
          .anyMatch(e -> e.path().equals("/505/0/3") && e.bytes() == 100_000);
    }
  }

  @Test
  void only_the_newest_five_sessions_are_kept() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      for (int i = 0; i < 7; i++) {
        bed.bootstrap(device, name);
        await().atMost(PATIENCE).until(() -> ended(name).isPresent());
      }
    }
    assertThat(bed.all(Kinds.SESSION, name)).hasSize(5);
  }

  @Test
  void bspack_is_not_there_and_says_so_at_once() throws Exception {
    bed.claimed("acme", "dev-1");
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      assertThat(code(device.get(bed.server().coapsAddress(), "bspack?ep=x", PATIENCE)))
          .contains(ResponseCode.NOT_FOUND);
    }
  }

  private Optional<String> ended(EndpointName name) throws Exception {
    BootstrapSession session = bed.session(name);
    return session.ended().map(at -> session.id());
  }

  private static Optional<ResponseCode> code(Optional<Response> response) {
    return response.map(Response::getCode);
  }

  private static LwM2mObjectInstance instance(Map<String, byte[]> payloads, int object, int id) {
    return (LwM2mObjectInstance)
        new DefaultLwM2mDecoder()
            .decode(
                payloads.get("PUT /%d/%d".formatted(object, id)),
                ContentFormat.TLV,
                new org.eclipse.leshan.core.node.LwM2mPath(object, id),
                LeshanModels.newest(ObjectModels.builtIn().all()));
  }

  private static X509Certificate certificate(byte[] der) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private static void assertBelongsTo(byte[] pkcs8, X509Certificate certificate) throws Exception {
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key);
    signature.update(new byte[] {1});
    byte[] signed = signature.sign();
    signature.initVerify(certificate);
    signature.update(new byte[] {1});
    assertThat(signature.verify(signed)).isTrue();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
