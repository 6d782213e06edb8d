package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import java.nio.file.Path;
import java.util.Map;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device in use goes to another owner, and begins again for it. */
class TransferJourney {
  private static final String NEXT = "lighthouse";

  @TempDir private Path folder;

  @Test
  void a_connected_device_is_told_and_bootstraps_again_for_its_next_owner() throws Exception {
    try (World world = World.ready(folder, 1)) {
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      world.cast().claim(shipped, "26201");
      Thing thing = world.unpack(shipped).switchOn();
      world.awaitState(name, "CONFIGURED");
      world
          .cast()
          .administrator()
          .put("/tenants/" + NEXT, Map.of("name", "Lighthouse", "kind", "SERVICE_PROVIDER"))
          .done();
      int sessions = finished(thing);

      world
          .cast()
          .administrator()
          .post("/devices/" + Api.segment(name) + "/transfer", Map.of("tenant", NEXT))
          .done();

      eventually(() -> assertThat(finished(thing)).isGreaterThan(sessions));
      world.awaitState(name, "REGISTERED");
      assertThat(world.seen(name).path("owner").asText()).isEqualTo(NEXT);
    }
  }

  private static int finished(Thing thing) {
    return (int) thing.steps("bootstrap-finish").stream().filter(DeviceStep::ok).count();
  }
}
