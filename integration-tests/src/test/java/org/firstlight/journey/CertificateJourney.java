package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device's certificate from the first to the next: renewed by itself, and taken back. */
class CertificateJourney {
  @TempDir private Path folder;

  @Test
  void device_renews_its_certificate_in_time_and_bootstraps_when_it_is_taken_back()
      throws Exception {
    try (World world = World.ready(folder, 1)) {
      world.cast().plan("est");
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      world.cast().claim(shipped, "26201");
      Thing thing = world.unpack(shipped).switchOn();
      world.awaitState(name, "CONFIGURED");
      JsonNode first = certificate(world, name, "CURRENT");
      assertThat(first.path("est").asBoolean()).isTrue();

      // two thirds of its time are over, until it has another
      thing.watchedBy(
          step -> {
            if (step.details().containsValue("sren")) {
              world.workbench().clock(Clock.systemUTC());
            }
          });
      world.workbench().clock(Clock.offset(Clock.systemUTC(), Duration.ofDays(500)));

      thing.sees("enrolment", "sren");
      eventually(
          () -> {
            JsonNode ended = certificate(world, name, "REVOKED");
            assertThat(serial(ended)).isEqualTo(serial(first));
            assertThat(ended.path("reason").asText()).isEqualTo("SUPERSEDED");
          });
      JsonNode second = certificate(world, name, "CURRENT");
      assertThat(serial(second)).isNotEqualTo(serial(first));

      long sessions = finished(thing);
      world
          .cast()
          .provider()
          .put(
              "/devices/%s/certificates/%s/revocation".formatted(Api.segment(name), serial(second)),
              Map.of("reason", "KEY_COMPROMISE"))
          .done();
      thing.speaksUp();

      eventually(() -> assertThat(finished(thing)).isGreaterThan(sessions));
      eventually(
          () ->
              assertThat(serial(certificate(world, name, "CURRENT")))
                  .isNotIn(serial(first), serial(second)));
      world.awaitState(name, "CONFIGURED");
    }
  }

  private static JsonNode certificate(World world, String name, String state) {
    JsonNode all = world.seen(name, "certificates").path("items");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(one -> one.path("state").asText().equals(state))
        .findFirst()
        .orElseThrow(() -> new AssertionError("none is " + state + " of " + all));
  }

  private static String serial(JsonNode certificate) {
    return certificate.path("serialNumber").asText();
  }

  private static long finished(Thing thing) {
    return thing.steps("bootstrap-finish").stream().filter(DeviceStep::ok).count();
  }
}
