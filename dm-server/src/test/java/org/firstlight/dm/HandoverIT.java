package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.claim.Handover;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Withdrawal;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.tenant.Tenant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connected device whose owner changes is told to bootstrap again, and then cut off. */
class HandoverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String NEXT = "next";

  @TempDir static Path directory;
  private static DmWorld world;
  private static Handover handover;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
    handover =
        new Handover(world.state, new Withdrawal(world.state, world.stores.values()), world.clock);
    Tenant next =
        new Tenant(NEXT, "Next", Tenant.Kind.SERVICE_PROVIDER, Optional.empty(), Optional.empty());
    world.state.commit(Change.in(NEXT).put(Kinds.TENANT, NEXT, Change.ANY_VERSION, next).build());
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_transferred_device_is_told_first_and_its_credential_is_no_good_after(boolean psk) {
    EndpointName name = world.bootstrapped();
    TestDevice device = psk ? world.connectWithPsk(name, false) : world.connect(world.issue(name));
    String id = DmWorld.register(device, name);
    device.tree.requests.clear();

    assertThat(handover.transfer(name, IfMatch.any(), NEXT).refusal()).isEmpty();

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(device.tree.requests).contains("POST /1/0/9"));
    await()
        .atMost(PATIENCE)
        .until(() -> device.tryUpdate(id).filter(Response::isSuccess).isEmpty());
    // a PSK that is gone opens no connection; a certificate that is good no more does
    assertThat(device.register("</3/0>", DmWorld.query(name)).map(Response::getCode))
        .isEqualTo(psk ? Optional.empty() : Optional.of(ResponseCode.FORBIDDEN));
    assertThat(world.device(name).state()).isEqualTo(DeviceState.CLAIMED);
    assertThat(world.device(name).owner()).contains(NEXT);
  }

  @Test
  void a_silent_device_is_cut_off_all_the_same() {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connectWithPsk(name, false);
    String id = DmWorld.register(device, name);
    device.tree.silent = true;

    assertThat(handover.offer(name, IfMatch.any(), NEXT).refusal()).isEmpty();

    // an answer, if only a 4.04, would mean that the connection is still there
    await().atMost(PATIENCE).until(() -> device.tryUpdate(id).isEmpty());
    assertThat(world.device(name).owner()).isEmpty();
  }
}
