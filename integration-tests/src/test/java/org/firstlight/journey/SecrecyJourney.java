package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;
import org.firstlight.simulator.subscription.Subscription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The platform hands subscriptions over and never sees them: after whole journeys nothing of them
 * is in its data directory, not in Redis's files and not in a log.
 */
class SecrecyJourney {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void no_store_holds_a_subscriptions_imsi_or_key_and_each_holds_the_canary(@TempDir Path folder)
      throws Exception {
    try (World world = World.ready(folder, World.Home.PROCESS_OF_ITS_OWN, Order.of(2))) {
      world.cast().plan("est");
      List<Thing> things = new ArrayList<>();
      for (ShippedDevice device : world.shipment().devices()) {
        world.cast().claim(device);
        things.add(world.unpack(device).switchOn());
      }
      for (ShippedDevice device : world.shipment().devices()) {
        world.awaitEnd(device.endpointName().value());
      }
      String canary = "00101" + (1_000_000_000L + RANDOM.nextInt(999_999_999));
      plant(canary, world);

      // the newest words in the append-only file; then a snapshot, legible as Redis makes it
      Scanner scanner = new Scanner().imsi("canary", canary);
      eventually(() -> assertStores(scanner.search(world.dataDirectory()), ".incr.aof"));
      world.redis().cli("config", "set", "rdbcompression", "no");
      world.redis().cli("bgrewriteaof");
      eventually(() -> assertStores(scanner.search(world.dataDirectory()), ".base.rdb"));
      eventually(() -> assertStores(scanner.search(world.dataDirectory()), "firstlight.log"));

      assertThat(secrets(world).search(world.dataDirectory())).isEmpty();
      noServerHasTheirKeys(world, things, folder);
      assertThat(secrets(world).search(world.shipment().operatorFolder()))
          .as("the operator has them, and the scanner sees them there")
          .isNotEmpty();
      world.stopPlatform();
      assertThat(secrets(world).search(world.dataDirectory())).isEmpty();
      world.startPlatform();
    }
  }

  /** The keys that devices made for themselves, without their first byte, which may be a sign. */
  private static Scanner operationalKeys(List<Thing> things) throws Exception {
    Scanner scanner = new Scanner();
    for (Thing thing : things) {
      byte[] digits = ((ECPrivateKey) PemFiles.privateKey(held(thing, 5))).getS().toByteArray();
      scanner.key(
          "operational key of " + thing.name(),
          Arrays.copyOfRange(digits, digits.length - 31, digits.length));
    }
    return scanner;
  }

  private static byte[] held(Thing thing, int resource) {
    return thing.tree().instance(0, 1).orElseThrow().value(resource, byte[].class).orElseThrow();
  }

  /** The devices enrolled by EST: their keys never left them, neither for state nor for a heap. */
  private static void noServerHasTheirKeys(World world, List<Thing> things, Path folder)
      throws Exception {
    Path heap = Files.createDirectory(folder.resolve("heap"));
    world.dumpHeap(heap.resolve("platform.hprof"));
    Scanner keys = operationalKeys(things);
    Scanner serial =
        new Scanner()
            .key(
                "serial",
                ((X509Certificate)
                        CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(held(things.get(0), 3))))
                    .getSerialNumber()
                    .toByteArray());
    assertThat(serial.search(heap)).as("the scanner reads heaps").isNotEmpty();
    assertThat(keys.search(heap)).isEmpty();
    assertThat(keys.search(world.dataDirectory())).isEmpty();
    Path device = Files.createDirectory(folder.resolve("device"));
    Files.write(device.resolve("key"), held(things.get(0), 5));
    assertThat(keys.search(device)).as("the scanner knows the keys").isNotEmpty();
  }

  private static void assertStores(List<String> found, String file) {
    assertThat(found).anyMatch(where -> where.contains(file));
  }

  /** A device that nobody announced has the canary in its name: refused, told and logged. */
  private static void plant(String canary, World world) {
    DeviceFolder honest =
        DeviceFolder.read(
            world.shipment().devicesFolder().resolve(world.device(0).endpointName().value()));
    Thing liar =
        world.unpack(
            new DeviceFolder(
                new EndpointName("urn:imsi:" + canary),
                honest.description(),
                honest.claimCode(),
                honest.certificate(),
                honest.key()));
    liar.switchOn().sees("bootstrap-request", "4.00");
    liar.close();
  }

  private static Scanner secrets(World world) throws Exception {
    Scanner scanner = new Scanner();
    for (ShippedDevice device : world.shipment().devices()) {
      Subscription subscription = world.subscription(device.eid());
      scanner
          .imsi("IMSI of " + device.eid(), subscription.imsi())
          .key("K of " + device.eid(), subscription.k())
          .key("OPc of " + device.eid(), subscription.opc());
    }
    return scanner;
  }

  @Test
  void the_scanner_finds_each_form_that_it_knows(@TempDir Path folder) throws Exception {
    byte[] key = new byte[16];
    RANDOM.nextBytes(key);
    Scanner scanner = new Scanner().imsi("IMSI", "001012345678901").key("K", key);
    assertThat(scanner.search(folder)).isEmpty();

    for (String form : scanner.forms()) {
      Path file = Files.writeString(folder.resolve("store"), "before ");
      Files.write(file, scanner.form(form), StandardOpenOption.APPEND);
      assertThat(scanner.search(folder)).contains("store: " + form);
    }
    assertThat(scanner.forms())
        .contains(
            "IMSI",
            "IMSI in BCD",
            "IMSI in swapped BCD",
            "IMSI as on the card",
            "IMSI in base64 at 2",
            "K in hex",
            "K in HEX",
            "K in base64 at 1");
  }

  @Test
  void base64_is_found_wherever_the_secret_stands_in_it(@TempDir Path folder) throws Exception {
    String imsi = "001012345678901";
    Scanner scanner = new Scanner().imsi("IMSI", imsi);
    for (String before : List.of("", "x", "xy", "xyz")) {
      String text = before + imsi + "tail";
      Files.writeString(
          folder.resolve("store"),
          Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII)));
      assertThat(scanner.search(folder)).anyMatch(found -> found.contains("IMSI in base64"));
    }
  }
}
