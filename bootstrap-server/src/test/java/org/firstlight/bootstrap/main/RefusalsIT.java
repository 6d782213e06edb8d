package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who is turned away, at which point, in which words; always with nothing written to the device.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private TestBed bed;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    bed = new TestBed(data);
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
  }

  @AfterAll
  void stop() {
    bed.close();
  }

  @Test
  void endpoint_that_is_not_the_certificates_is_denied() throws Exception {
    EndpointName victim = bed.claimed("acme", "victim-2");
    bed.claimed("acme", "thief-2");

    assertDenied(TestBed.ACME.issue("CN=thief-2"), victim, "not that endpoint's");
  }

  @Test
  void device_that_nobody_expects_is_denied() throws Exception {
    assertDenied(
        TestBed.ACME.issue("CN=nobody-1"),
        new EndpointName("urn:acme:nobody-1"),
        "no such device is expected");
  }

  @Test
  void name_that_is_none_is_denied_with_the_reason() throws Exception {
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=dev-9"))) {
      Response response =
          device.bootstrap(bed.server().coapsAddress(), "ep=a%3Cb", PATIENCE).orElseThrow();

      assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(response.getPayloadString()).contains("forbidden character");
    }
  }

  @Test
  void revoked_and_retired_devices_are_denied() throws Exception {
    EndpointName revoked = bed.claimed("acme", "revoked-1");
    bed.edit(revoked, device -> device.withRevocation(Optional.of("stolen")));
    EndpointName retired = bed.claimed("acme", "retired-1");
    bed.edit(retired, device -> device.become(DeviceState.RETIRED, Instant.now()));

    assertDenied(TestBed.ACME.issue("CN=revoked-1"), revoked, "revoked");
    assertDenied(TestBed.ACME.issue("CN=retired-1"), retired, "retired");
  }

  @Test
  void live_connection_of_a_device_that_is_revoked_ends() throws Exception {
    EndpointName name = bed.expected("acme", "live-1");
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=live-1"))) {
      bootstrap(device, name);
      long before = bed.handshakes();
      bootstrap(device, name);
      assertThat(bed.handshakes()).isEqualTo(before);

      bed.revoke(name);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(bootstrap(device, name).getPayloadString()).contains("revoked");
                assertThat(bed.handshakes()).isGreaterThan(before);
              });
    }
  }

  @Test
  void second_key_for_a_device_is_denied() throws Exception {
    EndpointName name = bed.claimed("acme", "pinned-1");
    try (TestDevice first = bed.device(TestBed.ACME.issue("CN=pinned-1"))) {
      first.bootstrap(bed.server().coapsAddress(), "ep=" + name, PATIENCE);
      await().atMost(PATIENCE).until(() -> bed.device(name).state() == DeviceState.BOOTSTRAPPED);
    }

    assertDenied(TestBed.ACME.issue("CN=pinned-1"), name, "key is not the one");
    // and people are told, once however often it comes
    assertDenied(TestBed.ACME.issue("CN=pinned-1"), name, "key is not the one");
    String known = bed.device(name).factoryKeySha256().orElseThrow();
    assertThat(eventsOf(name, "device.key-changed"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.details().get("known")).isEqualTo(known.substring(0, 16));
              assertThat(event.details().get("shown")).hasSize(16).isNotEqualTo(known);
              assertThat(event.details().get("manufacturer")).isEqualTo("acme");
              assertThat(event.details().get("address")).startsWith("127.0.0.1:");
            });
    assertThat(bed.find(Kinds.KEY_ALARM, name.value(), name.value()))
        .hasValueSatisfying(alarm -> assertThat(alarm.value().knownSha256()).isEqualTo(known));
  }

  @Test
  void unclaimed_device_waits_gets_nothing_and_finishes_alone_after_the_claim() throws Exception {
    EndpointName name = bed.expected("acme", "early-bird");
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=early-bird"))) {
      Response wait = bootstrap(device, name);
      assertThat(wait.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(wait.getOptions().getMaxAge()).isBetween(5L, 6L);
      bootstrap(device, name);
      assertThat(device.calls()).isEmpty();
      assertThat(bed.device(name).waiting().orElseThrow().reason())
          .isEqualTo("waiting for its owner");
      assertThat(eventsOf(name, "device.waiting")).hasSize(1);

      bed.claim(name);
      assertThat(bootstrap(device, name).getCode()).isEqualTo(ResponseCode.CHANGED);
      await().atMost(PATIENCE).until(() -> bed.device(name).state() == DeviceState.BOOTSTRAPPED);
      assertThat(bed.device(name).waiting()).isEmpty();
    }
  }

  @Test
  void device_without_a_subscription_waits_for_one() throws Exception {
    EndpointName name = bed.claimed("acme", "unassigned-1");
    OnboardingPlan plan = forModel("push", "model-push", TestPlans.fullPlan());
    bed.plan(plan);
    bed.edit(name, device -> model(device, "model-push"));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=unassigned-1"))) {
      Response wait = bootstrap(device, name);

      assertThat(wait.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(wait.getPayloadString()).isEqualTo("waiting for a subscription");
      assertThat(device.calls()).isEmpty();
    }
  }

  @Test
  void plan_with_a_value_out_of_range_is_sent_to_nobody() throws Exception {
    EndpointName name = bed.claimed("acme", "badplan-1");
    OnboardingPlan full =
        TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024);
    OnboardingPlan wrong =
        new OnboardingPlan(
            "wrong",
            full.tenant(),
            java.util.Set.of("model-wrong"),
            full.owners(),
            5,
            full.account(),
            full.credential(),
            full.subscription(),
            full.plmn(),
            full.apns(),
            Map.of(1, "70000"),
            full.optional(),
            full.timing());
    bed.plan(wrong);
    bed.edit(name, device -> model(device, "model-wrong"));
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=badplan-1"))) {
      Response wait = bootstrap(device, name);

      assertThat(wait.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(wait.getOptions().getMaxAge()).isEqualTo(3600);
      assertThat(device.calls()).isEmpty();
      assertThat(bed.session(name).failure().orElseThrow().reason()).contains("'wrong'", "/10/0/1");
      assertThat(bed.journey(name).steps())
          .last()
          .satisfies(step -> assertThat(step.ok()).isFalse());
      assertThat(eventsOf(name, "device.bootstrap-failed")).hasSize(1);
    }
  }

  @Test
  void suspended_manufacturers_device_is_denied_on_a_connection_that_stands() throws Exception {
    FactoryCa ca = FactoryCa.root("Third Issuing CA");
    bed.manufacturer("third", ca);
    bed.restartServer();
    EndpointName name = bed.expected("third", "dev-1");
    try (TestDevice device = bed.device(ca.issue("CN=dev-1"))) {
      assertThat(bootstrap(device, name).getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      Manufacturer third = bed.find(Kinds.MANUFACTURER, "third", "third").orElseThrow().value();
      bed.change(
          Kinds.MANUFACTURER,
          "third",
          new Manufacturer(
              third.id(),
              third.name(),
              Manufacturer.State.SUSPENDED,
              third.anchors(),
              IdentityRule.COMMON_NAME,
              third.namespace(),
              third.endpointNames(),
              0,
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              List.of()));

      await()
          .atMost(PATIENCE)
          .until(() -> bootstrap(device, name).getCode() == ResponseCode.BAD_REQUEST);
    }
  }

  @Test
  void plain_coap_lets_in_only_who_was_let_in_without_security() throws Exception {
    EndpointName other = bed.claimed("acme", "plain-1");
    EndpointName guest = new EndpointName("guest-1");
    bed.plan(TestPlans.planWithoutSecurity("guest"));
    bed.put(
        Kinds.DEVICE,
        guest.value(),
        guest.value(),
        new Device(
            guest,
            Device.CONNECTED,
            Device.NO_SECURITY,
            Optional.empty(),
            "guest",
            "1",
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Claim(TestBed.OWNER, Instant.now(), List.of())),
            DeviceState.CLAIMED,
            Instant.now(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.empty()));
    try (TestDevice device = TestDevice.plain()) {
      Response denied =
          device
              .bootstrap(bed.server().coapAddress().orElseThrow(), "ep=" + other, PATIENCE)
              .orElseThrow();
      assertThat(denied.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      Response begun =
          device
              .bootstrap(bed.server().coapAddress().orElseThrow(), "ep=" + guest, PATIENCE)
              .orElseThrow();
      assertThat(begun.getCode()).isEqualTo(ResponseCode.CHANGED);
      await().atMost(PATIENCE).until(() -> bed.device(guest).state() == DeviceState.BOOTSTRAPPED);
    }
  }

  @Test
  void redis_away_is_503_with_max_age_and_the_next_try_succeeds() throws Exception {
    EndpointName name = bed.claimed("acme", "patient-1");
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=patient-1"))) {
      bed.redis("STOP");
      try {
        Response away = bootstrap(device, name);
        assertThat(away.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(away.getOptions().getMaxAge()).isPositive().isNotEqualTo(60);
        assertThat(device.calls()).isEmpty();
      } finally {
        bed.redis("CONT");
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> bootstrap(device, name).getCode() == ResponseCode.CHANGED);
      await().atMost(PATIENCE).until(() -> bed.device(name).state() == DeviceState.BOOTSTRAPPED);
    }
  }

  @Test
  void redis_that_goes_away_between_two_look_ups_withdraws_no_psk() throws Exception {
    EndpointName name = bed.claimed("acme", "patient-2");
    byte[] key = new byte[16];
    String identity = name + "#0#efgh";
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
    AtomicBoolean armed = new AtomicBoolean();
    // the device's record is found, and the PSK that opened its connection is looked for next
    bed.restartServer(
        records -> LookUps.acting(records, Kinds.DEVICE, armed, () -> bed.redis("STOP")));
    try (TestDevice device = TestDevice.withPsk(identity, key)) {
      armed.set(true);
      Response away = bootstrap(device, name);

      assertThat(armed).isFalse();
      assertThat(away.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
      assertThat(away.getOptions().getMaxAge()).isPositive().isNotEqualTo(60);
      assertThat(device.calls()).isEmpty();
      bed.redis("CONT");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> bootstrap(device, name).getCode() == ResponseCode.CHANGED);
      await().atMost(PATIENCE).until(() -> bed.device(name).state() == DeviceState.BOOTSTRAPPED);
      assertThat(eventsOf(name, "device.refused")).isEmpty();
    } finally {
      bed.redis("CONT");
      bed.restartServer();
    }
  }

  @Test
  void redis_that_goes_away_in_a_session_does_not_lose_its_end() throws Exception {
    EndpointName name = bed.claimed("acme", "unlucky-1");
    try (TestDevice device = bed.device(TestBed.ACME.issue("CN=unlucky-1"))) {
      device.answering(
          "POST /bs",
          call -> {
            try {
              bed.redis("STOP");
            } catch (Exception e) {
              throw new AssertionError(e);
            }
            return ResponseCode.CHANGED;
          });
      bootstrap(device, name);
      await().atMost(PATIENCE).until(() -> device.calls().contains("POST /bs"));
      await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
      bed.redis("CONT");

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> bed.device(name).state() == DeviceState.BOOTSTRAPPED);
    } finally {
      bed.redis("CONT");
    }
  }

  private void assertDenied(Factory factory, EndpointName name, String reason) throws Exception {
    try (TestDevice device = bed.device(factory)) {
      Response response = bootstrap(device, name);
      assertThat(response.getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
      assertThat(new String(response.getPayload(), StandardCharsets.UTF_8)).contains(reason);
      assertThat(device.calls()).isEmpty();
      assertThat(eventsOf(name, "device.refused"))
          .last()
          .satisfies(event -> assertThat(event.details().get("reason")).contains(reason));
    }
  }

  private List<FleetEvent> eventsOf(EndpointName name, String type) throws Exception {
    return bed.events(type).stream()
        .filter(event -> event.endpointName().equals(Optional.of(name)))
        .toList();
  }

  private Response bootstrap(TestDevice device, EndpointName name) throws Exception {
    return device
        .bootstrap(bed.server().coapsAddress(), "ep=" + name, PATIENCE)
        .orElseThrow(() -> new AssertionError("no answer for " + name));
  }

  private static OnboardingPlan forModel(String id, String model, OnboardingPlan plan) {
    return new OnboardingPlan(
        id,
        plan.tenant(),
        java.util.Set.of(model),
        plan.owners(),
        5,
        plan.account(),
        plan.credential(),
        plan.subscription(),
        plan.plmn(),
        plan.apns(),
        plan.cellular(),
        plan.optional(),
        plan.timing());
  }

  private static Device model(Device device, String model) {
    return new Device(
        device.endpointName(),
        device.manufacturer(),
        device.factoryId(),
        device.factoryKeySha256(),
        model,
        device.serialNumber(),
        device.eid(),
        device.claimCodeSha256(),
        device.claim(),
        device.state(),
        device.stateSince(),
        device.stateBeforeLost(),
        device.revocation(),
        device.lastSessionId(),
        device.waiting(),
        Set.of(),
        Optional.empty());
  }
}
