package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis stands still and the queue of what waits for it is full: devices hear it at once. */
class FullWriteQueueIT {
  private static final String LINKS = "</>;rt=\"oma.lwm2m\";ct=11542,</1/0>,</3/0>";
  private static final int SENML_JSON = 110;

  /** The least with which the server's own questions to all 256 shards find room. */
  private static final int BOUND = 600;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private DmWorld world;

  @BeforeEach
  void start() {
    world = DmWorld.withQueueBound(folder, BOUND);
  }

  @AfterEach
  void stop() {
    world.signalRedis("CONT");
    world.close();
  }

  @Test
  void register_update_and_send_are_told_to_come_later_and_then_the_device_goes_on() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice device = world.connect(credential);
    String id = DmWorld.register(device, name);
    assertThat(send(device, 55).getCode()).isEqualTo(ResponseCode.CHANGED);

    world.signalRedis("STOP");
    refusedAtOnce(name, () -> device.update(id));
    refusedAtOnce(name, () -> send(device, 56));
    refusedAtOnce(name, () -> device.register(LINKS, DmWorld.query(name)).orElseThrow());
    world.signalRedis("CONT");

    // the same connection, the same registration: nobody has to help
    await().atMost(PATIENCE).until(() -> device.update(id).getCode() == ResponseCode.CHANGED);
    assertThat(send(device, 57).getCode()).isEqualTo(ResponseCode.CHANGED);
    assertThat(DmWorld.await(world.stores.values().find(name)).get("/3/0/9").value())
        .isEqualTo("57");
    DmWorld.register(device, name);
  }

  /**
   * While the queue is full before and after, the answer can have come from nothing else. It is
   * 5.03 with Max-Age, and comes long before a command that waits is given up.
   */
  private void refusedAtOnce(EndpointName name, Supplier<Response> request) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              fill(name);
              long start = System.nanoTime();
              Response response = request.get();
              Duration took = Duration.ofNanos(System.nanoTime() - start);
              assertThat(response.getCode()).isEqualTo(ResponseCode.SERVICE_UNAVAILABLE);
              assertThat(response.getOptions().getMaxAge()).isEqualTo(10);
              assertThat(isFull(name)).isTrue();
              assertThat(took).isLessThan(Duration.ofMillis(1500));
            });
  }

  /** Asks what nobody answers, until there is no room to ask in the way that the device's go. */
  private void fill(EndpointName name) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              for (int i = 0; i < 2 * BOUND; i++) {
                ask(name);
              }
              return isFull(name);
            });
  }

  private boolean isFull(EndpointName name) {
    try {
      ask(name).get(500, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException waits) {
      return false;
    } catch (ExecutionException refused) {
      return refused.getCause().getMessage().startsWith("busy");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private CompletableFuture<?> ask(EndpointName name) {
    return world
        .stores
        .records()
        .find(Kinds.DEVICE, name.value(), name.value())
        .toCompletableFuture();
  }

  private static Response send(TestDevice device, int battery) {
    byte[] payload =
        "[{\"n\":\"/3/0/9\",\"v\":%d}]".formatted(battery).getBytes(StandardCharsets.UTF_8);
    return device.sendData(SENML_JSON, payload);
  }
}
