package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A manufacturer that is trusted no more: its devices are cut off, and those of others are not. */
class SuspensionIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static DmWorld world;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
  }

  @ParameterizedTest
  @CsvSource({"true, SUSPENDED", "false, SUSPENDED", "false, RETIRED"})
  void devices_of_a_manufacturer_that_is_not_trusted_are_cut_off_until_it_is_again(
      boolean psk, State state) {
    EndpointName name = world.bootstrapped();
    TestDevice device = psk ? world.connectWithPsk(name, false) : world.connect(world.issue(name));
    EndpointName other = world.bootstrapped();
    TestDevice bystander = world.connect(world.issue(other));
    String id = DmWorld.register(device, name);
    String bystanders = DmWorld.register(bystander, other);

    become(name, state);

    // an answer, if only a 4.03, would mean that the connection is still there
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(device.register("</3/0>", DmWorld.query(name))).isEmpty();
    assertThat(bystander.update(bystanders).getCode()).isEqualTo(ResponseCode.CHANGED);

    become(name, State.ACTIVE);

    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isPresent());
    DmWorld.register(device, name);
  }

  /** The manufacturer of this one device. */
  private static void become(EndpointName name, State state) {
    String id = "maker-" + name.value().substring(name.value().length() - 4);
    world.state.commit(
        Change.in(id)
            .put(
                Kinds.MANUFACTURER,
                id,
                Change.ANY_VERSION,
                new Manufacturer(
                    id,
                    id,
                    state,
                    List.of(),
                    IdentityRule.COMMON_NAME,
                    name.value(),
                    Map.of(),
                    0,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of()))
            .event(
                new FleetEvent(
                    Instant.now(),
                    "manufacturer.changed",
                    Optional.empty(),
                    Optional.of(id),
                    Map.of("id", id, "change", "saved")))
            .build());
  }
}
