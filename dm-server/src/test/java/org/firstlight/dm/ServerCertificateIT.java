package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.pki.Pki;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's certificate changes while it runs: who goes on, and who has to learn of it. */
class ServerCertificateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String LINKS = "</1/0>,</3/0>";

  @TempDir private Path directory;
  private DmWorld world;

  @BeforeEach
  void start() {
    world = new DmWorld(directory);
  }

  @AfterEach
  void stop() {
    world.closeDevices();
    world.close();
  }

  /** As the tool does it, in a process of its own. */
  private void renew(boolean newKey) {
    Pki.open(world.config.dataDirectory(), world.config, world.clock).renew(Pki.Server.DM, newKey);
    world.pki.refresh();
  }

  @Test
  void over_the_same_key_nobody_notices() {
    EndpointName raw = world.bootstrapped();
    EndpointName certified = world.bootstrapped();
    KeyPair key = world.handOverRawKey(raw);
    TestDevice standing = world.connect(world.issue(certified));
    String id = DmWorld.register(standing, certified);

    renew(false);

    assertThat(standing.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    DmWorld.register(world.connect(key), raw);
    EndpointName fresh = world.bootstrapped();
    DmWorld.register(world.connect(world.issue(fresh)), fresh);
  }

  @Test
  void over_another_key_who_knows_the_ca_goes_on_and_who_knows_the_key_does_not() {
    EndpointName raw = world.bootstrapped();
    EndpointName certified = world.bootstrapped();
    KeyPair key = world.handOverRawKey(raw);
    TestDevice standing = world.connect(key);
    String id = DmWorld.register(standing, raw);
    TestDevice knowingTheOldKey = world.connect(key);

    renew(true);

    assertThat(standing.update(id).getCode()).isEqualTo(ResponseCode.CHANGED);
    DmWorld.register(world.connect(world.issue(certified)), certified);
    assertThat(knowingTheOldKey.register(LINKS, DmWorld.query(raw))).isEmpty();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.events)
                    .filteredOn(event -> event.type().equals("handshake.failed"))
                    .anySatisfy(
                        event ->
                            assertThat(event.details().get("reason"))
                                .startsWith(
                                    "the device broke it off: it does not accept our"
                                        + " certificate")));
    // told of the new key by a bootstrap, it comes in again
    DmWorld.register(world.connect(key), raw);
  }
}
