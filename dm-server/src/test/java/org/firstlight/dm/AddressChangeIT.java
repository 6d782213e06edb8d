package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.dm.transport.Addresses;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Whole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A device behind a NAT that forgets: it speaks on from another address on the same DTLS session,
 * by its Connection ID. It is still the same device, and requests find it there.
 */
class AddressChangeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Principal OPERATOR = Principal.platform("test");
  private static final String LINKS = "</>;rt=\"oma.lwm2m\";ct=112,</3/0>";
  private static final LwM2mPath BATTERY = LwM2mPath.parse("/3/0/9");
  private static final LwM2mPath TIMEZONE = LwM2mPath.parse("/3/0/15");

  @TempDir static Path directory;
  private static DmWorld world;

  private EndpointName name;
  private Nat nat;
  private TestDevice device;
  private String registration;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void register() {
    name = world.bootstrapped();
    nat = new Nat(world.server.coapsAddress());
    device = world.connect(world.issue(name), nat.address());
    device.tree.values.put(BATTERY, new Whole(80));
    device.tree.values.put(TIMEZONE, new Text("Europe/Paris"));
    registration =
        device
            .register(LINKS, DmWorld.query(name))
            .orElseThrow()
            .getOptions()
            .getLocationPath()
            .get(1);
    // the first reading asks the device too
    await().atMost(PATIENCE).until(() -> values().containsKey(TIMEZONE.toString()));
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
    nat.close();
  }

  private static Done done(EndpointName name, Operation operation) {
    OperationResult result =
        world
            .server
            .operations()
            .perform(name, 1, OPERATOR, operation)
            .toCompletableFuture()
            .orTimeout(60, TimeUnit.SECONDS)
            .join();
    assertThat(result).isInstanceOf(Done.class);
    return (Done) result;
  }

  private Map<String, ReportedValue> values() {
    return DmWorld.await(world.stores.values().find(name));
  }

  private void assertThatRequestsFindIt() {
    assertThat(done(name, new Operation.Read(TIMEZONE)).values())
        .containsEntry(TIMEZONE, new Text("Europe/Paris"));
  }

  @Test
  void notification_from_another_address_is_stored_and_shows_where_the_device_is() {
    done(name, new Operation.Observe(BATTERY));

    nat.forget();
    device.tree.change("/3/0/9", new Whole(41));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(values().get("/3/0/9").value()).isEqualTo("41"));
    assertThatRequestsFindIt();
  }

  @Test
  void send_from_another_address_is_taken_and_shows_where_the_device_is() {
    nat.forget();

    byte[] payload = "[{\"n\":\"/3/0/9\",\"v\":55}]".getBytes(StandardCharsets.UTF_8);
    assertThat(device.sendData(110, payload).getCode()).isEqualTo(ResponseCode.CHANGED);

    assertThat(values().get("/3/0/9").value()).isEqualTo("55");
    assertThatRequestsFindIt();
  }

  @Test
  void observation_outlives_an_update_from_another_address() {
    done(name, new Operation.Observe(BATTERY));

    nat.forget();
    assertThat(device.update(registration).getCode()).isEqualTo(ResponseCode.CHANGED);
    device.tree.change("/3/0/9", new Whole(42));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(values().get("/3/0/9").value()).isEqualTo("42"));
    assertThatRequestsFindIt();
    assertThat(DmWorld.await(world.stores.registrations().find(1, name)).orElseThrow().address())
        .isEqualTo(Addresses.text(nat.outsideAddress()));
  }
}
