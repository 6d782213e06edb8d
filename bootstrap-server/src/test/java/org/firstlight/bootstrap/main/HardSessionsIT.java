package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that a device, or bad luck, makes hard: what is noted, what fails, what is left. */
class HardSessionsIT {
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
  void failed_second_bootstrap_leaves_the_first_credential_good() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
      List<OperationalCertificate> first = bed.all(Kinds.CERTIFICATE, name);

      device.answering("PUT /1/1", ResponseCode.BAD_REQUEST);
      bed.bootstrap(device, name);
      await().atMost(PATIENCE).until(() -> bed.session(name).failure().isPresent());

      assertThat(bed.all(Kinds.CERTIFICATE, name)).hasSize(1).isEqualTo(first);
      assertThat(bed.device(name).state()).isEqualTo(DeviceState.BOOTSTRAPPED);
      assertThat(bed.all(Kinds.REVOKED_CERTIFICATE, name)).as("of the second").hasSize(1);

      device.answering("PUT /1/1", ResponseCode.CHANGED);
      bed.bootstrap(device, name);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(bed.all(Kinds.CERTIFICATE, name))
                      .hasSize(1)
                      .doesNotContainAnyElementsOf(first));
      assertThat(bed.all(Kinds.REVOKED_CERTIFICATE, name))
          .allMatch(one -> one.reason() == RevocationReason.SUPERSEDED)
          .anyMatch(one -> one.serialNumber().equals(first.get(0).serialNumber()));
    }
  }

  @Test
  void required_write_that_is_refused_fails_the_session_before_finish() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      device.answering("PUT /505/0/3", ResponseCode.REQUEST_ENTITY_TOO_LARGE);
      bed.bootstrap(device, name);
      await().atMost(PATIENCE).until(() -> bed.session(name).failure().isPresent());

      assertThat(device.calls()).doesNotContain("POST /bs");
      assertThat(bed.device(name).state()).isEqualTo(DeviceState.CLAIMED);
      assertThat(bed.session(name).failure().orElseThrow().code())
          .isEqualTo(FailureCode.DEVICE_REJECTED);
      assertThat(bed.session(name).failure().orElseThrow().reason()).contains("4.13", "/505/0/3");
      assertThat(bed.step(name, "bootstrap").ok()).isFalse();
      assertThat(bed.events("device.bootstrap-failed")).hasSize(1);
      assertThat(bed.all(Kinds.CERTIFICATE, name)).isEmpty();
      assertThat(bed.all(Kinds.SUBSCRIPTION, name).get(0).state())
          .isEqualTo(SubscriptionState.ASSIGNED);
    }
  }

  @Test
  void optional_object_that_the_device_lacks_is_noted_and_skipped() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      device.discovered("</0/0>;ssid=0,</1>,</3/0>,</11>,</13/0>,</505/0>");
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);

      assertThat(device.calls()).doesNotContain("PUT /10/0", "DELETE /2");
      assertThat(bed.session(name).exchanges())
          .anyMatch(
              exchange -> exchange.path().equals("/10/0") && exchange.result().equals("skipped"));
    }
  }

  @Test
  void optional_write_that_is_refused_is_noted() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      device.answering("PUT /10/0", ResponseCode.NOT_FOUND);
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);

      assertThat(bed.session(name).exchanges())
          .anyMatch(e -> e.path().equals("/10/0") && e.note().contains("not required"));
    }
  }

  @Test
  void device_that_knows_no_discover_is_written_all_the_same() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      device.answering("GET /", ResponseCode.METHOD_NOT_ALLOWED);
      device.answering("DELETE /2", ResponseCode.NOT_FOUND);
      bed.bootstrap(device, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
    }
  }

  @Test
  void finish_that_is_refused_is_no_success() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-1"))) {
      device.answering("POST /bs", ResponseCode.NOT_ACCEPTABLE);
      bed.bootstrap(device, name);
      await().atMost(PATIENCE).until(() -> bed.session(name).failure().isPresent());

      assertThat(bed.device(name).state()).isEqualTo(DeviceState.CLAIMED);
      assertThat(bed.session(name).failure().orElseThrow().reason()).contains("4.06", "Finish");
    }
  }

  @Test
  void newer_request_ends_the_older_session() throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
    Factory factory = TestBed.ACME.issue("CN=dev-1");
    try (TestDevice slow = bed.device(factory);
        TestDevice again = bed.device(factory)) {
      slow.answering("PUT /1/1", call -> TestBed.unchecked(() -> sleepUntilInterrupted(3_000)));
      bed.bootstrap(slow, name);
      await().atMost(PATIENCE).until(() -> slow.calls().contains("PUT /1/1"));
      String older = bed.session(name).id();

      bed.bootstrap(again, name);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          bed.find(Kinds.SESSION, name.value(), older)
                              .orElseThrow()
                              .value()
                              .failure())
                      .hasValueSatisfying(
                          failure -> assertThat(failure.reason()).contains("newer")));
      assertThat(slow.calls()).doesNotContain("POST /bs");
      assertThat(bed.all(Kinds.CERTIFICATE, name)).hasSize(1);
    }
  }

  @Test
  void server_that_dies_in_a_session_lets_the_retry_end_well_and_doubles_nothing()
      throws Exception {
    EndpointName name = bed.claimed("acme", "dev-1");
    bed.subscription(name, SEALED);
    bed.plan(TestPlans.fullPlan());
    Factory factory = TestBed.ACME.issue("CN=dev-1");
    try (TestDevice cut = bed.device(factory)) {
      cut.answering("PUT /13/0", call -> TestBed.unchecked(() -> sleepUntilInterrupted(1_000)));
      bed.bootstrap(cut, name);
      await().atMost(PATIENCE).until(() -> cut.calls().contains("PUT /13/0"));
      bed.restartServer();
    }
    try (TestDevice retry = bed.device(factory)) {
      assertThat(code(bed.bootstrap(retry, name))).contains(ResponseCode.CHANGED);
      bed.awaitState(name, DeviceState.BOOTSTRAPPED);
    }
    assertThat(bed.all(Kinds.CERTIFICATE, name)).hasSize(1);
    assertThat(bed.all(Kinds.SUBSCRIPTION, name)).hasSize(1);
    assertThat(bed.journey(name).steps()).hasSize(6);
  }

  private static Optional<ResponseCode> code(Optional<Response> response) {
    return response.map(Response::getCode);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  /** A device that is busy; its answer comes late or never. */
  private static ResponseCode sleepUntilInterrupted(long ms) throws InterruptedException {
    new java.util.concurrent.CountDownLatch(1)
        .await(ms, java.util.concurrent.TimeUnit.MILLISECONDS);
    return ResponseCode.CHANGED;
  }
}
