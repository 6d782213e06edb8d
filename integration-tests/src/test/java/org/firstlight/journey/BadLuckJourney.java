package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails passes: devices come again by themselves, and nothing is lost or doubled. */
class BadLuckJourney {
  @TempDir private Path folder;

  @Test
  void while_redis_is_away_devices_are_told_when_to_come_again() throws Exception {
    try (World world = World.ready(folder, 2)) {
      world.cast().claim(world.device(0));
      world.cast().claim(world.device(1));
      Thing early = world.unpack(world.device(0)).switchOn();
      world.awaitEnd(early.name());
      Thing late = world.unpack(world.device(1));

      world.redis().freeze();
      try {
        late.switchOn().sees("bootstrap-request", "5.03").does("waiting");
        early.speaksUp().sees("update", "5.03");
      } finally {
        world.redis().thaw();
      }

      assertThat(late.steps("waiting").get(0).details().get("s").toString())
          .satisfies(seconds -> assertThat(Long.parseLong(seconds)).isBetween(1L, 60L));
      world.awaitEnd(late.name());
      world.awaitEnd(early.name());
      assertThat(early.steps("bootstrap")).hasSize(1);
    }
  }

  @Test
  void a_device_switched_on_before_its_claim_gets_nothing_and_finishes_alone() throws Exception {
    try (World world = World.ready(folder, 1);
        Events events = Events.listening(world.cast().administrator())) {
      ShippedDevice shipped = world.device(0);
      Thing thing = world.unpack(shipped);
      thing.switchOn().sees("bootstrap-request", "5.03").does("waiting");

      assertThat(thing.isFactoryFresh()).isTrue();
      JsonNode device = world.seen(thing.name());
      assertThat(device.path("state").asText()).isEqualTo("EXPECTED");
      assertThat(device.path("waiting").asText()).isEqualTo("waiting for its owner");
      eventually(() -> assertThat(events.of("device.waiting", thing.name())).hasSize(1));

      world.cast().claim(shipped);
      world.awaitEnd(thing.name());
      assertThat(world.seen(thing.name()).has("waiting")).isFalse();
    }
  }

  @Test
  void both_servers_killed_in_the_middle_of_a_bootstrap_double_nothing() throws Exception {
    try (World world = World.ready(folder, World.Home.PROCESS_OF_ITS_OWN, Order.of(1))) {
      ShippedDevice shipped = world.device(0);
      world.cast().claim(shipped);
      AtomicBoolean killed = new AtomicBoolean();
      Thing thing =
          world
              .unpack(shipped)
              .watchedBy(
                  step -> {
                    if (isWriteOf("/13", step) && killed.compareAndSet(false, true)) {
                      world.killPlatform();
                    }
                  });

      thing.switchOn();
      Awaitility.await().atMost(Duration.ofSeconds(60)).untilTrue(killed);
      world.startPlatform();

      world.awaitEnd(thing.name());
      assertThat(thing.steps("bootstrap")).hasSize(1);
      JsonNode sessions = world.seen(thing.name(), "sessions").path("items");
      assertThat(sessions).hasSizeGreaterThanOrEqualTo(2);
      assertThat(sessions.get(sessions.size() - 1).has("ended")).isFalse();
      assertThat(world.seen(thing.name(), "registrations").path("items")).hasSize(1);
      assertThat(world.cast().operator().get("/subscriptions").path("items"))
          .singleElement()
          .satisfies(held -> assertThat(held.path("state").asText()).isEqualTo("ENABLED"));
      assertThat(
              world.workbench().euicc().status(shipped.eid()).toCompletableFuture().join().iccids())
          .hasSize(1);
      assertThat(thing.tree().object(1).getAvailableInstanceIds()).hasSize(1);
      assertThat(thing.tree().object(0).getAvailableInstanceIds()).hasSize(2);
      assertThat(world.seen(thing.name(), "journey").path("steps"))
          .extracting(step -> step.path("name").asText())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void a_full_disk_under_redis_delays_and_loses_nothing() throws Exception {
    try (SmallDisk disk = SmallDisk.mountedAt(folder.resolve("platform").resolve("redis"));
        World world = World.ready(folder, 2)) {
      world.cast().claim(world.device(0));
      world.cast().claim(world.device(1));
      Thing early = world.unpack(world.device(0)).switchOn();
      world.awaitEnd(early.name());
      Thing late = world.unpack(world.device(1));

      disk.fill();
      // what still fits into the last page of the file is stored; then nothing is
      eventually(() -> assertThat(world.cast().tryPlan("psk", Map.of()).status()).isEqualTo(503));
      late.switchOn().sees("bootstrap-request", "5.03").does("waiting");
      early.speaksUp().sees("update", "5.03");
      assertThat(late.isFactoryFresh()).isTrue();
      disk.free();

      world.awaitEnd(late.name());
      world.awaitEnd(early.name());
      world.restartPlatform();
      assertThat(world.seen(early.name()).path("state").asText()).isEqualTo("CONFIGURED");
      assertThat(world.seen(late.name()).path("state").asText()).isEqualTo("CONFIGURED");
    }
  }

  private static boolean isWriteOf(String path, DeviceStep step) {
    return step.name().equals("bootstrap-write")
        && String.valueOf(step.details().get("path")).startsWith(path);
  }

  @Test
  void a_restart_of_everything_keeps_everything() throws Exception {
    try (World world = World.ready(folder, 2)) {
      ShippedDevice claimed = world.device(0);
      ShippedDevice unclaimed = world.device(1);
      world.cast().claim(claimed);
      Thing thing = world.unpack(claimed).switchOn();
      world.awaitEnd(thing.name());
      JsonNode before = world.seen(thing.name());
      JsonNode registration = world.seen(thing.name(), "registrations").at("/items/0");
      JsonNode sessions = world.seen(thing.name(), "sessions");
      JsonNode configuration = world.seen(thing.name(), "configuration").path("paths");
      JsonNode journey = world.seen(thing.name(), "journey");

      world.restartPlatform();

      JsonNode after = world.seen(thing.name());
      assertThat(after.path("state").asText()).isEqualTo("CONFIGURED");
      assertThat(after.path("owner")).isEqualTo(before.path("owner"));
      assertThat(after.path("subscription")).isEqualTo(before.path("subscription"));
      assertThat(world.seen(thing.name(), "registrations").at("/items/0/id"))
          .isEqualTo(registration.path("id"));
      assertThat(world.seen(thing.name(), "sessions")).isEqualTo(sessions);
      assertThat(world.seen(thing.name(), "configuration").path("paths")).isEqualTo(configuration);
      assertThat(world.seen(thing.name(), "journey")).isEqualTo(journey);
      assertThat(world.seen(unclaimed.endpointName().value()).path("state").asText())
          .isEqualTo("EXPECTED");

      // both go on: the one with its next word, the other from the start
      world.cast().configure("Asia/Tokyo", world.cloudCredential());
      thing.speaksUp();
      eventually(() -> assertThat(thing.holds(3, 0, 15)).isEqualTo("Asia/Tokyo"));
      assertThat(thing.steps("bootstrap")).hasSize(1);
      world.cast().claim(unclaimed);
      world.unpack(unclaimed).switchOn();
      world.awaitState(unclaimed.endpointName().value(), "CONFIGURED");
    }
  }
}
