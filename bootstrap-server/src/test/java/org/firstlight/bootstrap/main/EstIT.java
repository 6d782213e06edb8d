package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EST-coaps (RFC 9148) over the connection of a bootstrap: real DTLS, real Redis. */
class EstIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PKCS10 = 286;

  @TempDir static Path data;
  private static TestBed bed;

  @BeforeAll
  static void start() throws Exception {
    bed = new TestBed(data);
    bed.plan(TestPlans.plan(CredentialKind.EST, SubscriptionDelivery.NONE, 1024));
  }

  @AfterAll
  static void stop() {
    bed.close();
  }

  private static EndpointName finished(TestDevice device, String id) throws Exception {
    EndpointName name = bed.claimed("acme", id);
    assertThat(bed.bootstrap(device, name).orElseThrow().getCode()).isEqualTo(ResponseCode.CHANGED);
    bed.awaitFinished(name);
    return name;
  }

  private static Response sen(TestDevice device, byte[] csr) throws Exception {
    return device.post(bed.server().coapsAddress(), "est/sen", PKCS10, csr, PATIENCE).orElseThrow();
  }

  private static Optional<OperationalCertificate> waiting(EndpointName name) throws Exception {
    return bed.find(Kinds.CERTIFICATE, name.value(), OperationalCertificate.nextId(1))
        .map(stored -> stored.value());
  }

  private static List<X509Certificate> certificates(byte[] payload) throws Exception {
    List<X509Certificate> all = new ArrayList<>();
    CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(payload))
        .forEach(one -> all.add((X509Certificate) one));
    return all;
  }

  @Test
  void device_is_bootstrapped_when_it_has_fetched_its_certificate() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-1"))) {
      EndpointName name = finished(device, "est-1");
      assertThat(bed.device(name).state()).isEqualTo(DeviceState.CLAIMED);
      assertThat(bed.device(name).waiting().orElseThrow().reason())
          .isEqualTo("fetching its certificate by EST");
      Csr csr = Csr.of("CN=" + name);

      Response answer = sen(device, csr.der());

      assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
      assertThat(answer.getOptions().getContentFormat()).isEqualTo(281);
      X509Certificate certificate = certificates(answer.getPayload()).get(0);
      certificate.verify(bed.pki().operationalCa().certificate().getPublicKey());
      assertThat(certificate.getPublicKey().getEncoded())
          .isEqualTo(csr.key().getPublic().getEncoded());
      assertThat(CertificateNames.endpointName(certificate)).contains(name);
      assertThat(bed.device(name).state()).isEqualTo(DeviceState.BOOTSTRAPPED);
      assertThat(bed.device(name).waiting()).isEmpty();
      assertThat(waiting(name).orElseThrow().sha256()).isEqualTo(Certificates.sha256(certificate));
      assertThat(bed.events("certificate.issued").toString()).contains(name.value(), "by=sen");
    }
  }

  @Test
  void certificate_may_be_fetched_before_finish() throws Exception {
    Timing waits = new Timing(Duration.ofMillis(800), Duration.ofSeconds(5), 1024);
    bed.plan(TestPlans.plan(CredentialKind.EST, SubscriptionDelivery.NONE, waits));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-2"))) {
      EndpointName name = bed.claimed("acme", "est-2");
      bed.bootstrap(device, name);

      assertThat(sen(device, Csr.of("CN=" + name).der()).getCode()).isEqualTo(ResponseCode.CHANGED);

      assertThat(device.calls()).as("no write yet").isEmpty();
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
      assertThat(device.calls()).last().isEqualTo("POST /bs");
      assertThat(waiting(name)).isPresent();
    } finally {
      bed.plan(TestPlans.plan(CredentialKind.EST, SubscriptionDelivery.NONE, 1024));
    }
  }

  @Test
  void device_that_registered_before_its_session_was_written_down_keeps_its_certificate()
      throws Exception {
    Timing waits = new Timing(Duration.ofMillis(800), Duration.ofSeconds(5), 1024);
    bed.plan(TestPlans.plan(CredentialKind.EST, SubscriptionDelivery.NONE, waits));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-fast"))) {
      EndpointName name = bed.claimed("acme", "est-fast");
      bed.bootstrap(device, name);
      sen(device, Csr.of("CN=" + name).der());
      OperationalCertificate fetched = waiting(name).orElseThrow();
      // as the DM server does it when a device registers with what waits
      String current = OperationalCertificate.currentId(1);
      bed.put(Kinds.CERTIFICATE, name.value(), current, fetched);
      bed.records()
          .commit(
              Change.in(name.value())
                  .delete(Kinds.CERTIFICATE, OperationalCertificate.nextId(1), Change.ANY_VERSION)
                  .build())
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);

      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
      assertThat(bed.find(Kinds.CERTIFICATE, name.value(), current).orElseThrow().value())
          .isEqualTo(fetched);
      assertThat(bed.device(name).waiting()).isEmpty();
    } finally {
      bed.plan(TestPlans.plan(CredentialKind.EST, SubscriptionDelivery.NONE, 1024));
    }
  }

  @Test
  void answer_that_was_lost_is_given_again_and_a_device_that_asks_for_ever_is_not_served()
      throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-3"))) {
      EndpointName name = finished(device, "est-3");
      byte[] csr = Csr.of("CN=" + name).der();
      for (int i = 0; i < OpenEnrolment.MOST_ISSUED; i++) {
        X509Certificate certificate = certificates(sen(device, csr).getPayload()).get(0);
        assertThat(waiting(name).orElseThrow().sha256())
            .isEqualTo(Certificates.sha256(certificate));
      }

      Response late = sen(device, csr);

      assertThat(late.getCode()).isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(late.getPayloadString()).contains("bootstrap again");
      assertThat(bed.all(Kinds.REVOKED_CERTIFICATE, name))
          .as("each but the last")
          .hasSize(OpenEnrolment.MOST_ISSUED - 1);
    }
  }

  @Test
  void who_was_not_told_to_enrol_is_refused() throws Exception {
    byte[] csr = Csr.of("CN=urn:acme:est-4").der();
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-4"))) {
      bed.claimed("acme", "est-4");
      assertThat(sen(device, csr).getCode()).as("no bootstrap").isEqualTo(ResponseCode.FORBIDDEN);
    }
    try (TestDevice plain = TestDevice.plain()) {
      Response answer =
          plain
              .post(bed.server().coapAddress().orElseThrow(), "est/sen", PKCS10, csr, PATIENCE)
              .orElseThrow();
      assertThat(answer.getCode()).as("no DTLS").isEqualTo(ResponseCode.FORBIDDEN);
    }
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-5"))) {
      EndpointName name = finished(device, "est-5");
      bed.put(
          Kinds.ENROLMENT,
          name.value(),
          OpenEnrolment.id(1),
          new OpenEnrolment(1, Instant.now().minusSeconds(1), 0, true));
      Response late = sen(device, Csr.of("CN=" + name).der());
      assertThat(late.getCode()).as("too late").isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(waiting(name)).isEmpty();
    }
  }

  @Test
  void device_that_is_revoked_between_finish_and_enrolment_gets_no_certificate() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-6"))) {
      EndpointName name = finished(device, "est-6");
      bed.edit(name, one -> one.withRevocation(Optional.of("stolen")));

      assertThat(sen(device, Csr.of("CN=" + name).der()).getCode())
          .isEqualTo(ResponseCode.FORBIDDEN);
      assertThat(waiting(name)).isEmpty();
    }
  }

  @Test
  void each_request_that_is_not_right_is_refused_with_its_reason_and_issues_nothing()
      throws Exception {
    Factory factory = TestBed.ACME.issue("CN=est-7");
    try (TestDevice device = bed.device(factory)) {
      EndpointName name = finished(device, "est-7");
      Csr good = Csr.of("CN=" + name);
      byte[] der = good.der();
      KeyPair factoryKey = new KeyPair(factory.chain().get(0).getPublicKey(), factory.key());
      Map<String, byte[]> bad = new LinkedHashMap<>();
      bad.put("subject is not this device's", Csr.of("CN=urn:acme:est-1").der());
      bad.put("subject is not this device's ", Csr.of("CN=" + name + ",O=Acme").der());
      bad.put(
          "alternative names are not this device's",
          good.named(new GeneralName(GeneralName.uniformResourceIdentifier, "urn:acme:x")).der());
      bad.put(
          "alternative names are not this device's ",
          good.named(new GeneralName(GeneralName.dNSName, "localhost")).der());
      bad.put("not signed by the key that it has", good.signedBy(Csr.key("secp256r1")).der());
      bad.put("not signed by ECDSA with SHA-256", good.by("SHA1withECDSA").der());
      bad.put("not on P-256", good.with(Csr.key("secp384r1")).by("SHA384withECDSA").der());
      bad.put("not on P-256 ", good.with(Csr.key("RSA2048")).by("SHA256withRSA").der());
      bad.put("the factory's key", good.with(factoryKey).der());
      bad.put("more than 16 extensions", good.extended(17).der());
      bad.put("no PKCS#10 request   ", Arrays.copyOf(der, der.length + 1));
      bad.put("no PKCS#10 request", Arrays.copyOf(der, der.length - 1));
      bad.put("no PKCS#10 request ", new byte[0]);
      bad.put("no PKCS#10 request  ", new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1});
      byte[] offCurve = der.clone();
      offCurve[indexOf(der, good.key()) + 5] ^= 1;
      bad.put("no PKCS#10 request in DER", offCurve);
      for (Map.Entry<String, byte[]> one : bad.entrySet()) {
        Response answer = sen(device, one.getValue());
        assertThat(answer.getCode()).as(one.getKey()).isEqualTo(ResponseCode.BAD_REQUEST);
        assertThat(answer.getPayloadString()).contains(one.getKey().strip());
      }
      assertThat(waiting(name)).isEmpty();

      assertThat(sen(device, good.named(uri(name)).der()).getCode())
          .as("the good one is taken still")
          .isEqualTo(ResponseCode.CHANGED);
    }
  }

  private static GeneralName uri(EndpointName name) {
    return new GeneralName(GeneralName.uniformResourceIdentifier, name.value());
  }

  /** Where the X coordinate of its point begins. */
  private static int indexOf(byte[] der, KeyPair key) {
    byte[] spki = key.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(spki, spki.length - 64, spki.length);
    for (int at = 0; at < der.length - point.length; at++) {
      if (Arrays.equals(der, at, at + point.length, point, 0, point.length)) {
        return at;
      }
    }
    throw new AssertionError("it has no such key");
  }

  @Test
  void key_of_another_device_is_not_certified_again() throws Exception {
    KeyPair shared = Csr.key("secp256r1");
    try (TestDevice one = bed.device(TestBed.ACME.issue("CN=est-8"));
        TestDevice other = bed.device(TestBed.ACME.issue("CN=est-9"))) {
      EndpointName first = finished(one, "est-8");
      EndpointName second = finished(other, "est-9");
      assertThat(sen(one, Csr.of("CN=" + first).with(shared).der()).getCode())
          .isEqualTo(ResponseCode.CHANGED);

      Response refused = sen(other, Csr.of("CN=" + second).with(shared).der());

      assertThat(refused.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(refused.getPayloadString()).contains("another device");
    }
  }

  @Test
  void subject_of_the_factory_certificate_stands_for_the_device() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-10"))) {
      EndpointName name = finished(device, "est-10");
      Response answer = sen(device, Csr.of("CN=est-10").der());
      assertThat(answer.getCode()).isEqualTo(ResponseCode.CHANGED);
      assertThat(CertificateNames.endpointName(certificates(answer.getPayload()).get(0)))
          .contains(name);
    }
  }

  @Test
  void formats_and_sizes_are_as_the_standard_says_at_both_roots() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-11"))) {
      EndpointName name = finished(device, "est-11");
      byte[] csr = Csr.of("CN=" + name).der();
      for (String root : List.of("est/", ".well-known/est/")) {
        Response authorities = get(device, root + "crts");
        assertThat(authorities.getCode()).isEqualTo(ResponseCode.CONTENT);
        assertThat(authorities.getOptions().getContentFormat()).isEqualTo(281);
        assertThat(certificates(authorities.getPayload()))
            .containsExactlyInAnyOrderElementsOf(bed.pki().authorities());
        assertThat(get(device, root + "att").getOptions().getContentFormat()).isEqualTo(285);
        for (String none : List.of("skg", "skc")) {
          assertThat(post(device, root + none, PKCS10, csr)).isEqualTo(ResponseCode.NOT_FOUND);
        }
        assertThat(post(device, root + "sen", -1, csr))
            .isEqualTo(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
        assertThat(post(device, root + "sen", 42, csr))
            .isEqualTo(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
        assertThat(post(device, root + "sen", PKCS10, new byte[4000]))
            .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
        assertThat(post(device, root + "sen", PKCS10, new byte[1_000_000 / 8]))
            .isEqualTo(ResponseCode.REQUEST_ENTITY_TOO_LARGE);
        assertThat(get(device, root + "sen").getCode()).isEqualTo(ResponseCode.METHOD_NOT_ALLOWED);
        assertThat(accepting(device, root + "sen", 50, csr).getCode())
            .isEqualTo(ResponseCode.NOT_ACCEPTABLE);
        Response single = accepting(device, root + "sen", 287, csr);
        assertThat(single.getOptions().getContentFormat()).isEqualTo(287);
        assertThat(certificates(single.getPayload())).hasSize(1);
      }
      assertThat(get(device, ".well-known/core").getPayloadString())
          .contains("</est/sen>", "ace.est.sen", "ace.est.crts", "ace.est.att");
    }
  }

  private static Response get(TestDevice device, String path) throws Exception {
    return device.get(bed.server().coapsAddress(), path, PATIENCE).orElseThrow();
  }

  private static ResponseCode post(TestDevice device, String path, int format, byte[] payload)
      throws Exception {
    return device
        .post(bed.server().coapsAddress(), path, format, payload, PATIENCE)
        .orElseThrow()
        .getCode();
  }

  private static Response accepting(TestDevice device, String path, int accept, byte[] csr)
      throws Exception {
    Request request = Request.newPost();
    request.getOptions().setContentFormat(PKCS10).setAccept(accept);
    request.setPayload(csr);
    return device.send(request, bed.server().coapsAddress(), path, PATIENCE).orElseThrow();
  }

  @Test
  void while_state_is_away_the_device_is_told_to_come_again() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=est-12"))) {
      EndpointName name = finished(device, "est-12");
      byte[] csr = Csr.of("CN=" + name).der();
      bed.redis("STOP");
      Optional<Response> away;
      try {
        away =
            device.post(
                bed.server().coapsAddress(), "est/sen", PKCS10, csr, Duration.ofSeconds(30));
      } finally {
        bed.redis("CONT");
      }
      assertThat(away.orElseThrow().getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(away.get().getOptions().getMaxAge()).isPositive();
      await().atMost(PATIENCE).until(() -> sen(device, csr).getCode() == ResponseCode.CHANGED);
    }
  }
}
