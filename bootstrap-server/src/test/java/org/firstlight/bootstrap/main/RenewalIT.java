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
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.GeneralName;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renewal by EST ({@code sren}, RFC 9148 §5.1) at the bootstrap server's port. */
class RenewalIT {
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

  /** A device with its certificate, and the key that it made for it. */
  private record Enrolled(EndpointName name, KeyPair key, X509Certificate certificate) {
    Factory asShown() {
      return new Factory(key.getPrivate(), List.of(certificate));
    }
  }

  private static Enrolled enrolled(TestDevice device, String id) throws Exception {
    EndpointName name = bed.claimed("acme", id);
    bed.bootstrap(device, name);
    bed.awaitFinished(name);
    Csr csr = csr(name);
    return new Enrolled(name, csr.key(), certificate(post(device, "sen", csr)));
  }

  private static Csr csr(EndpointName name) throws Exception {
    return Csr.of("CN=" + name)
        .named(new GeneralName(GeneralName.uniformResourceIdentifier, name.value()));
  }

  private static Response post(TestDevice device, String what, Csr csr) throws Exception {
    return device
        .post(bed.server().coapsAddress(), "est/" + what, PKCS10, csr.der(), PATIENCE)
        .orElseThrow();
  }

  private static X509Certificate certificate(Response answer) throws Exception {
    assertThat(answer.getCode()).as(answer.getPayloadString()).isEqualTo(ResponseCode.CHANGED);
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(answer.getPayload()))
            .iterator()
            .next();
  }

  private static String held(EndpointName name, String id) throws Exception {
    return bed.find(Kinds.CERTIFICATE, name.value(), id)
        .map(one -> one.value().sha256())
        .orElse("none");
  }

  private static void assertRefused(Response answer, ResponseCode code, String why) {
    assertThat(answer.getCode()).isEqualTo(code);
    assertThat(answer.getPayloadString()).contains(why);
  }

  @Test
  void factory_identity_renews_what_the_device_holds() throws Exception {
    Factory factory = TestBed.ACME.issue("CN=again-1");
    try (TestDevice device = bed.device(factory)) {
      assertRefused(
          post(device, "sren", csr(new EndpointName("urn:acme:again-1"))),
          ResponseCode.NOT_FOUND,
          "no such device");
      Enrolled first = enrolled(device, "again-1");

      X509Certificate next = certificate(post(device, "sren", csr(first.name())));

      assertThat(held(first.name(), OperationalCertificate.nextId(1)))
          .isEqualTo(Certificates.sha256(next));
      assertThat(held(first.name(), OperationalCertificate.currentId(1)))
          .as("it may have registered with this one, nobody here knows")
          .isEqualTo(Certificates.sha256(first.certificate()));
      assertRefused(
          post(device, "sren", csr(new EndpointName("urn:acme:other"))),
          ResponseCode.BAD_REQUEST,
          "not this device's");
      KeyPair own = new KeyPair(factory.certificate().getPublicKey(), factory.key());
      assertRefused(
          post(device, "sren", csr(first.name()).with(own)),
          ResponseCode.BAD_REQUEST,
          "the factory's key");
    }
  }

  /** As at a Bootstrap-Request: a second certificate of the same device is somebody else's. */
  @Test
  void second_factory_identity_renews_nothing_and_raises_the_alarm() throws Exception {
    Enrolled enrolled;
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=again-5"))) {
      enrolled = enrolled(device, "again-5");
    }
    try (TestDevice other = bed.device(TestBed.ACME.issue("CN=again-5"))) {
      assertRefused(
          post(other, "sren", csr(enrolled.name())),
          ResponseCode.FORBIDDEN,
          "not the one that this device had before");
    }
    assertThat(held(enrolled.name(), OperationalCertificate.nextId(1)))
        .isEqualTo(Certificates.sha256(enrolled.certificate()));
    assertThat(bed.find(Kinds.KEY_ALARM, enrolled.name().value(), enrolled.name().value()))
        .isPresent();
  }

  @Test
  void device_of_a_suspended_manufacturer_renews_nothing_by_either() throws Exception {
    FactoryCa ca = FactoryCa.root("Suspended later");
    bed.change(TestBed.manufacturer("later", State.ACTIVE, ca, List.of()));
    EndpointName name = bed.claimed("later", "again-6");
    try (TestDevice device = bed.device(ca.issue("CN=again-6"))) {
      await().atMost(PATIENCE).until(() -> bed.bootstrap(device, name).isPresent());
      bed.awaitFinished(name);
      Csr csr = csr(name);
      X509Certificate fetched = certificate(post(device, "sen", csr));
      Factory asShown = new Enrolled(name, csr.key(), fetched).asShown();
      try (TestDevice holder = bed.device(asShown);
          TestDevice later = bed.device(asShown)) {
        assertThat(renews(holder, name)).isTrue();

        bed.change(TestBed.manufacturer("later", State.SUSPENDED, ca, List.of()));

        for (TestDevice one : List.of(device, holder)) {
          await().atMost(PATIENCE).until(() -> !renews(one, name));
        }
        assertThat(renews(later, name)).isFalse();
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(bed.events("handshake.failed").toString())
                    .contains("its manufacturer 'later' is suspended"));
  }

  private static boolean renews(TestDevice device, EndpointName name) throws Exception {
    return device
        .post(
            bed.server().coapsAddress(), "est/sren", PKCS10, csr(name).der(), Duration.ofSeconds(3))
        .filter(answer -> answer.getCode() == ResponseCode.CHANGED)
        .isPresent();
  }

  /** It has both then: what it renewed to is in use when the session's end is written. */
  @Test
  void certificate_renewed_in_a_session_and_used_at_once_stays() throws Exception {
    Enrolled first;
    Factory factory = TestBed.ACME.issue("CN=again-7");
    try (TestDevice device = bed.device(factory)) {
      first = enrolled(device, "again-7");
    }
    String current = OperationalCertificate.currentId(1);
    String next = OperationalCertificate.nextId(1);
    inUse(first.name(), next);
    bed.plan(
        TestPlans.plan(
            CredentialKind.EST,
            SubscriptionDelivery.NONE,
            new Timing(Duration.ofMillis(800), Duration.ofSeconds(5), 1024)));
    try (TestDevice device = bed.device(factory)) {
      String before = bed.device(first.name()).lastSessionId().orElseThrow();
      bed.bootstrap(device, first.name());
      X509Certificate renewed = certificate(post(device, "sren", csr(first.name())));
      inUse(first.name(), next);

      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  bed.session(first.name()).ended().isPresent()
                      && !bed.session(first.name()).id().equals(before));
      assertThat(held(first.name(), current)).isEqualTo(Certificates.sha256(renewed));
      assertThat(bed.device(first.name()).waiting()).isEmpty();
    } finally {
      bed.plan(TestPlans.plan(CredentialKind.EST, SubscriptionDelivery.NONE, 1024));
    }
  }

  /** As the DM server does it when a device registers with what waits. */
  private static void inUse(EndpointName name, String waiting) throws Exception {
    OperationalCertificate certificate =
        bed.find(Kinds.CERTIFICATE, name.value(), waiting).orElseThrow().value();
    bed.put(Kinds.CERTIFICATE, name.value(), OperationalCertificate.currentId(1), certificate);
    bed.records()
        .commit(
            Change.in(name.value()).delete(Kinds.CERTIFICATE, waiting, Change.ANY_VERSION).build())
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  @Test
  void device_that_holds_none_has_none_to_renew() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=again-2"))) {
      EndpointName name = bed.claimed("acme", "again-2");
      assertRefused(post(device, "sren", csr(name)), ResponseCode.FORBIDDEN, "bootstrapped with");
    }
    try (TestDevice plain = TestDevice.plain()) {
      Response answer =
          plain
              .post(
                  bed.server().coapAddress().orElseThrow(),
                  "est/sren",
                  PKCS10,
                  csr(new EndpointName("urn:acme:again-2")).der(),
                  PATIENCE)
              .orElseThrow();
      assertRefused(answer, ResponseCode.FORBIDDEN, "came with a certificate");
    }
  }

  @Test
  void operational_certificate_opens_its_renewal_and_nothing_else() throws Exception {
    Enrolled enrolled;
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=again-3"))) {
      enrolled = enrolled(device, "again-3");
    }
    try (TestDevice holder = bed.device(enrolled.asShown())) {
      assertRefused(
          bed.bootstrap(holder, enrolled.name()).orElseThrow(),
          ResponseCode.BAD_REQUEST,
          "nothing but its renewal");
      assertThat(post(holder, "sen", csr(enrolled.name())).getCode())
          .isEqualTo(ResponseCode.FORBIDDEN);
      assertRefused(
          post(holder, "sren", Csr.of("CN=" + enrolled.name())),
          ResponseCode.BAD_REQUEST,
          "those of the certificate in use");

      X509Certificate next = certificate(post(holder, "sren", csr(enrolled.name())));

      assertThat(held(enrolled.name(), OperationalCertificate.nextId(1)))
          .isEqualTo(Certificates.sha256(next));
    }
  }

  @Test
  void revoked_or_somebody_else_s_certificate_opens_nothing() throws Exception {
    Enrolled enrolled;
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=again-4"))) {
      enrolled = enrolled(device, "again-4");
    }
    OperationalCertificate record =
        bed.find(Kinds.CERTIFICATE, enrolled.name().value(), OperationalCertificate.nextId(1))
            .orElseThrow()
            .value();
    RevokedCertificate revoked =
        RevokedCertificate.of(record, Instant.now(), RevocationReason.KEY_COMPROMISE);
    try (TestDevice connected = bed.device(enrolled.asShown())) {
      assertRefused(
          post(connected, "sren", csr(new EndpointName("urn:acme:other"))),
          ResponseCode.BAD_REQUEST,
          "the certificate in use");

      bed.records()
          .commit(
              Change.in(enrolled.name().value())
                  .put(Kinds.REVOKED_CERTIFICATE, record.serialNumber(), 0, revoked)
                  .event(
                      FleetEvent.of(
                          Instant.now(),
                          "operational-certificate.revoked",
                          enrolled.name(),
                          Map.of("sha256", record.sha256())))
                  .build())
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);

      // its record is left as it was: on the connection that stood it would renew still
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  !renews(connected, enrolled.name())
                      && bed.events("handshake.failed")
                          .toString()
                          .contains("this certificate is revoked"));
    }
    FactoryCa namesake =
        FactoryCa.root(
            bed.pki()
                .operationalCa()
                .certificate()
                .getSubjectX500Principal()
                .getName()
                .replaceFirst("^CN=", ""));
    for (Factory bad :
        List.of(enrolled.asShown(), namesake.issue("CN=" + enrolled.name().value()))) {
      try (TestDevice holder = bed.device(bad)) {
        assertThat(renews(holder, enrolled.name())).isFalse();
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(bed.events("handshake.failed").toString())
                    .contains("no manufacturer has its issuing CA"));
  }
}
