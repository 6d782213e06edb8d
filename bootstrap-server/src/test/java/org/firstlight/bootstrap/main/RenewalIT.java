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
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
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
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                bed.find(Kinds.ENROLMENT, name.value(), OpenEnrolment.id(1))
                    .filter(open -> open.value().finished())
                    .isPresent());
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
          ResponseCode.FORBIDDEN,
          "out of service");
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
      try (TestDevice other = bed.device(TestBed.ACME.issue("CN=again-1"))) {
        assertRefused(
            post(other, "sren", csr(first.name())),
            ResponseCode.FORBIDDEN,
            "not the one that this device bootstrapped with");
      }
    }
  }

  @Test
  void device_that_holds_none_has_none_to_renew() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=again-2"))) {
      EndpointName name = bed.claimed("acme", "again-2");
      assertRefused(
          post(device, "sren", csr(name)), ResponseCode.FORBIDDEN, "not the one that this device");
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
    bed.put(
        Kinds.REVOKED_CERTIFICATE,
        enrolled.name().value(),
        record.serialNumber(),
        RevokedCertificate.of(record, Instant.now(), RevocationReason.KEY_COMPROMISE));
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
        Optional<Response> answer =
            holder.post(
                bed.server().coapsAddress(),
                "est/sren",
                PKCS10,
                csr(enrolled.name()).der(),
                Duration.ofSeconds(3));
        assertThat(answer).isEmpty();
      }
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(bed.events("handshake.failed").toString())
                    .contains("this certificate is revoked", "no manufacturer has its issuing CA"));
  }
}
