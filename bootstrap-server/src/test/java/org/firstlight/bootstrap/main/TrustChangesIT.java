package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trust that is taken away: live connections end, no other begins, and nobody else notices. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustChangesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration REFUSED = Duration.ofSeconds(3);

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

  /** What is done to a manufacturer that has one CA. */
  enum Withdrawal {
    MANUFACTURER_SUSPENDED {
      @Override
      Manufacturer of(String id, FactoryCa ca) throws Exception {
        return TestBed.manufacturer(id, State.SUSPENDED, ca, List.of());
      }
    },
    MANUFACTURER_RETIRED {
      @Override
      Manufacturer of(String id, FactoryCa ca) throws Exception {
        return TestBed.manufacturer(id, State.RETIRED, ca, List.of());
      }
    },
    CA_DENIED {
      @Override
      Manufacturer of(String id, FactoryCa ca) throws Exception {
        String key = Certificates.keySha256(Certificates.parsePem(ca.pem()).get(0));
        return TestBed.manufacturer(id, State.ACTIVE, ca, List.of(key));
      }
    },
    CA_REPLACED {
      @Override
      Manufacturer of(String id, FactoryCa ca) throws Exception {
        return TestBed.manufacturer(id, State.ACTIVE, FactoryCa.root("Next CA"), List.of());
      }
    };

    abstract Manufacturer of(String id, FactoryCa ca) throws Exception;
  }

  @ParameterizedTest
  @EnumSource(Withdrawal.class)
  void device_of_it_is_cut_off_and_the_bystander_is_not(Withdrawal withdrawal) throws Exception {
    String id = "maker" + withdrawal.ordinal();
    FactoryCa ca = FactoryCa.root("CA of " + id);
    bed.change(TestBed.manufacturer(id, State.ACTIVE, ca, List.of()));
    EndpointName name = bed.expected(id, "dev-1");
    EndpointName other = bed.expected("acme", "bystander-" + id);
    try (TestDevice device = bed.device(ca.issue("CN=dev-1"));
        TestDevice bystander = bed.device(TestBed.ACME.issue("CN=bystander-" + id))) {
      await().atMost(PATIENCE).until(() -> tried(device, name).isPresent());
      assertThat(tried(bystander, other)).isPresent();

      bed.change(withdrawal.of(id, ca));

      // an answer, if only a 4.00, would mean that the connection is still there
      await().atMost(PATIENCE).until(() -> tried(device, name).isEmpty());
      long before = bed.handshakes();
      assertThat(tried(device, name)).isEmpty();
      assertThat(tried(bystander, other)).isPresent();
      assertThat(bed.handshakes()).isEqualTo(before);

      bed.change(TestBed.manufacturer(id, State.ACTIVE, ca, List.of()));

      await().atMost(PATIENCE).until(() -> tried(device, name).isPresent());
    }
  }

  @Test
  void session_of_a_manufacturer_that_is_suspended_is_not_resumed() throws Exception {
    FactoryCa ca = FactoryCa.root("CA of sleepers");
    bed.change(TestBed.manufacturer("sleepers", State.ACTIVE, ca, List.of()));
    EndpointName name = bed.expected("sleepers", "dev-1");
    InetSocketAddress server = bed.server().coapsAddress();
    try (TestDevice device = bed.device(ca.issue("CN=dev-1"))) {
      await().atMost(PATIENCE).until(() -> tried(device, name).isPresent());
      String session = device.sessionId(server);
      device.resumesItsSession(server);
      assertThat(tried(device, name)).isPresent();
      assertThat(device.sessionId(server)).isEqualTo(session);

      // this event alone ends no connection, nor the session that could be gone on with
      bed.change(
          Kinds.MANUFACTURER,
          "sleepers",
          TestBed.manufacturer("sleepers", State.SUSPENDED, ca, List.of()));
      await()
          .atMost(PATIENCE)
          .until(() -> tried(device, name).orElseThrow().getPayloadString().contains("suspended"));
      assertThat(device.sessionId(server)).isEqualTo(session);
      long before = bed.handshakes();
      device.resumesItsSession(server);

      assertThat(tried(device, name)).isEmpty();
      assertThat(bed.handshakes()).isEqualTo(before);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(bed.events("handshake.failed"))
                      .extracting(event -> event.details().get("reason"))
                      .contains("manufacturer 'sleepers' is suspended"));

      bed.change(TestBed.manufacturer("sleepers", State.ACTIVE, ca, List.of()));
      await().atMost(PATIENCE).until(() -> tried(device, name).isPresent());
      assertThat(device.sessionId(server)).isNotEqualTo(session);
    }
  }

  private Optional<Response> tried(TestDevice device, EndpointName name) throws Exception {
    return device.bootstrap(bed.server().coapsAddress(), "ep=" + name, REFUSED);
  }
}
