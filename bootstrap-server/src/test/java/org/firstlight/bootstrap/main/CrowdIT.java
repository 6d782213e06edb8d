package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that has as many devices as it serves at once. */
class CrowdIT {
  @TempDir private Path data;

  @Test
  void full_server_serves_whom_it_took_on_and_tells_the_others_when_to_come() throws Exception {
    try (TestBed bed = new TestBed(data, 1)) {
      bed.plan(TestPlans.plan(CredentialKind.PSK, SubscriptionDelivery.NONE, 1024));
      EndpointName first = bed.claimed("acme", "first");
      EndpointName second = bed.claimed("acme", "second");
      CountDownLatch goOn = new CountDownLatch(1);
      try (TestDevice slow = bed.device(TestBed.ACME.issue("CN=first"));
          TestDevice other = bed.device(TestBed.ACME.issue("CN=second"))) {
        slow.answering(
            "DELETE /0",
            call -> {
              try {
                goOn.await(4, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return ResponseCode.DELETED;
            });
        assertThat(bed.bootstrap(slow, first).orElseThrow().getCode())
            .isEqualTo(ResponseCode.CHANGED);

        Response later = bed.bootstrap(other, second).orElseThrow();
        assertThat(later.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
        assertThat(later.getOptions().getMaxAge()).isBetween(15L, 3600L);
        assertThat(bed.device(second).lastSessionId()).isEmpty();

        goOn.countDown();
        bed.awaitState(first, DeviceState.BOOTSTRAPPED);
        await()
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> bed.bootstrap(other, second).orElseThrow().getCode() == ResponseCode.CHANGED);
        bed.awaitState(second, DeviceState.BOOTSTRAPPED);
      }
    }
  }
}
