package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.firstlight.kit.pki.Pki;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DM server gets another key while devices know it by the one before. */
class ServerCertificateJourney {
  @TempDir private Path folder;

  @Test
  void devices_that_know_the_server_by_itself_bootstrap_again_and_are_not_lost() throws Exception {
    try (World world = World.of(folder, World.Home.INSIDE_THE_TEST, Order.of(2))) {
      Cast cast = world.cast();
      cast.announceShipment();
      Map<String, Object> pinned =
          Map.of("subscription", "none", "account", Map.of("lifetime", 120, "certificateUsage", 3));
      cast.plan("issued-key", pinned);
      Thing certified = registered(world, world.device(0));
      cast.plan("rpk", pinned);
      Thing raw = registered(world, world.device(1));
      assertThat(world.seen(raw.name()).path("rawPublicKeys")).hasSize(1);

      world.renewServerCertificate(Pki.Server.DM, true);

      for (Thing thing : List.of(certified, raw)) {
        thing.switchOff();
        thing.switchOn();
      }
      for (Thing thing : List.of(certified, raw)) {
        eventually(() -> assertThat(well(thing, "bootstrap")).hasSize(2));
        eventually(() -> assertThat(well(thing, "register")).hasSize(2));
      }
    }
  }

  private static Thing registered(World world, ShippedDevice shipped) {
    world.cast().claim(shipped);
    return world.unpack(shipped).switchOn().does("register");
  }

  private static Stream<DeviceStep> well(Thing thing, String step) {
    return thing.steps(step).stream().filter(DeviceStep::ok);
  }
}
