package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.dm.certificate.RenewalWishes;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device is told to get another certificate: now, or when it is heard of next. */
class RenewalAskedIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String TRIGGER = "POST /1/0/9";

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

  private static Outcome<RenewalWish> wish(EndpointName name) {
    return DmWorld.await(
        new RenewalWishes(world.stores.records(), world.clock).wish(world.device(name), "things"));
  }

  private static RenewalWish wishOf(EndpointName name) {
    return world.state.find(Kinds.RENEWAL, name.value()).orElseThrow().value();
  }

  private static void awaitTold(EndpointName name) {
    await().atMost(PATIENCE).until(() -> wishOf(name).toldAt().isPresent());
  }

  private static long told(TestDevice device) {
    return device.tree.requests.stream().filter(TRIGGER::equals).count();
  }

  @Test
  void device_that_is_there_is_told_at_once_and_once() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice device = world.connect(credential);
    String id = DmWorld.register(device, name);

    assertThat(wish(name).refusal()).isEmpty();

    awaitTold(name);
    assertThat(told(device)).isEqualTo(1);
    // the certificate that it has stays good until it comes with the other
    assertThat(device.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    DmWorld.register(device, name);
    assertThat(told(device)).isEqualTo(1);
  }

  @Test
  void device_that_could_not_be_told_is_told_at_an_update() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String id = DmWorld.register(device, name);
    device.tree.resetting = true;
    wish(name);
    await().atMost(PATIENCE).until(() -> told(device) > 0);
    // the Register's turn and the wish's may each have tried
    await().during(Duration.ofMillis(500)).until(() -> wishOf(name).toldAt().isEmpty());
    long before = told(device);

    device.tree.resetting = false;
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              device.update(id);
              assertThat(wishOf(name).toldAt()).isPresent();
            });
    assertThat(told(device)).isEqualTo(before + 1);
  }

  @Test
  @Tag("long")
  void device_that_sleeps_is_told_at_its_next_update() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    String id = DmWorld.register(device, name);
    device.tree.silent = true;
    wish(name);
    await().atMost(PATIENCE).until(() -> told(device) == 1);
    // nobody knows whether the device will answer still, until that time is over
    await().pollDelay(Duration.ofSeconds(32)).atMost(PATIENCE).until(() -> true);

    device.tree.silent = false;
    device.update(id);

    awaitTold(name);
    assertThat(told(device)).isEqualTo(2);
  }

  @Test
  void device_that_is_not_registered_is_told_when_it_is_unless_it_comes_with_another() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    wish(name);
    TestDevice device = world.connect(credential);
    DmWorld.register(device, name);
    awaitTold(name);
    assertThat(told(device)).isEqualTo(1);

    EndpointName renewed = world.bootstrapped();
    world.issue(renewed);
    wish(renewed);
    TestDevice other = world.connect(world.issue(renewed, OperationalCertificate.nextId(1)));
    DmWorld.register(other, renewed);
    DmWorld.register(other, renewed);
    assertThat(told(other)).isZero();
  }

  @Test
  void device_without_a_certificate_or_out_of_service_is_not_asked() {
    EndpointName bare = world.bootstrapped();
    assertThat(wish(bare).refusal().orElseThrow().code()).isEqualTo(FailureCode.CONFLICT);
    EndpointName retired = world.device(DeviceState.RETIRED);
    world.issue(retired);
    assertThat(wish(retired).refusal().orElseThrow().code()).isEqualTo(FailureCode.CONFLICT);
    assertThat(world.state.find(Kinds.RENEWAL, retired.value())).isEmpty();
  }
}
