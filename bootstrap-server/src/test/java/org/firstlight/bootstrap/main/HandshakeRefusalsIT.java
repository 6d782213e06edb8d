package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials that are good for another name, or for none; certificates: {@link
 * FactoryCertificatesIT}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeRefusalsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration REFUSED = Duration.ofSeconds(5);

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
  void ca_of_another_manufacturer_never_vouches_for_a_device() throws Exception {
    EndpointName victim = bed.claimed("acme", "victim-1");

    assertDenied(TestBed.OTHER.issue("CN=victim-1"), victim, "not that endpoint's");
    assertDenied(TestBed.OTHER.issue("CN=" + victim), victim, "not that endpoint's");
    assertThat(bed.device(victim).state()).isEqualTo(DeviceState.CLAIMED);
    assertThat(eventsOf(victim, "device.refused")).isNotEmpty();
  }

  @Test
  void psk_of_connect_opens_the_port_and_a_wrong_one_does_not() throws Exception {
    EndpointName name = bed.claimed("acme", "psk-1");
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
    try (TestDevice device = TestDevice.withPsk(identity, key);
        TestDevice wrong = TestDevice.withPsk(identity, new byte[16])) {
      assertThat(bootstrap(device, name).getCode()).isEqualTo(ResponseCode.CHANGED);
      await().atMost(PATIENCE).until(() -> bed.device(name).state() == DeviceState.BOOTSTRAPPED);
      assertThat(wrong.bootstrap(bed.server().coapsAddress(), "ep=" + name, REFUSED)).isEmpty();
      assertThat(bed.all(Kinds.PSK, name)).hasSize(1);
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
}
