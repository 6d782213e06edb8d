package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Devices that are not let in: they and the operator learn why, and nothing is written or lost. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RefusalsJourney {
  private static final int DENIED = 6;

  private final Authority initech = Authority.create("Initech device CA", Instant.now());

  private World world;
  private Events events;
  private OddDevices odd;

  /** A device of its own for each refusal, so that no one's event is mistaken for another's. */
  private ShippedDevice victim(int number) {
    return world.device(number);
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    world =
        World.ready(
            folder, World.Home.INSIDE_THE_TEST, Order.of(14).withRule(IdentityRule.COMMON_NAME));
    events = Events.listening(world.cast().administrator());
    Authority globex = Authority.create("Globex device CA", Instant.now());
    odd = new OddDevices(world.shipment(), globex);
    world
        .cast()
        .administrator()
        .put(
            "/manufacturers/initech",
            Map.of(
                "name",
                "Initech",
                "anchors",
                List.of(PemFiles.toPem(initech.certificate())),
                "identityRule",
                "COMMON_NAME",
                "namespace",
                "urn:dev:ops:00005E-INI-"))
        .done();
    world
        .cast()
        .administrator()
        .put("/tenants/globex", Map.of("name", "Globex", "kind", "MANUFACTURER"))
        .done();
    manufacturer("globex", "urn:dev:ops:00005E-GLX-", globex, "");
    Order order = world.shipment().order();
    manufacturer(
        order.manufacturer(),
        order.namespace(),
        world.shipment().manufacturer(),
        Certificates.keySha256(odd.read(victim(DENIED)).certificate()));
    for (ShippedDevice device : world.shipment().devices()) {
      world.cast().claim(device);
    }
    world.restartPlatform();
  }

  @AfterAll
  void end() {
    events.close();
    world.close();
  }

  private void manufacturer(String id, String namespace, Authority anchor, String deniedKey) {
    Cast.manufacturer(
        world.cast().administrator(),
        id,
        Map.of(
            "name",
            id,
            "identityRule",
            "COMMON_NAME",
            "namespace",
            namespace,
            "deniedKeys",
            deniedKey.isEmpty() ? List.of() : List.of(deniedKey)),
        anchor);
  }

  /**
   * @param alert name of the TLS alert that the device gets
   * @param reason words that the operator reads
   */
  record AtTheHandshake(String what, Supplier<DeviceFolder> device, String alert, String reason) {
    @Override
    public String toString() {
      return what;
    }
  }

  Stream<AtTheHandshake> certificates() {
    return Stream.of(
        new AtTheHandshake(
            "unknown CA",
            () -> odd.fromUnknownCa(victim(0)),
            "UNKNOWN_CA",
            "no manufacturer has its issuing CA"),
        new AtTheHandshake(
            "CA that its manufacturer has not proven",
            () -> odd.from(initech, victim(12)),
            "UNKNOWN_CA",
            "manufacturer 'initech' has not proven that it holds the key of its issuing CA"),
        new AtTheHandshake(
            "expired", () -> odd.expired(victim(1)), "CERTIFICATE_EXPIRED", "expired at"),
        new AtTheHandshake(
            "not yet valid",
            () -> odd.notYetValid(victim(2)),
            "CERTIFICATE_EXPIRED",
            "is not valid before"),
        new AtTheHandshake("no CN", () -> odd.withoutCn(victim(3)), "BAD_CERTIFICATE", "has no CN"),
        new AtTheHandshake(
            "double CN", () -> odd.withTwoCns(victim(4)), "BAD_CERTIFICATE", "has 2 CN"),
        new AtTheHandshake(
            "odd CN", () -> odd.withOddCn(victim(5)), "BAD_CERTIFICATE", "CN cannot be an id"),
        new AtTheHandshake(
            "denied key",
            () -> odd.read(victim(DENIED)),
            "CERTIFICATE_REVOKED",
            "its key is denied by its manufacturer"));
  }

  @ParameterizedTest
  @MethodSource("certificates")
  void a_certificate_that_is_not_good_ends_the_handshake(AtTheHandshake refusal) {
    DeviceFolder folder = refusal.device().get();
    try (Thing thing = world.unpack(folder)) {
      thing.switchOn().sees("handshake", refusal.alert());
      failedHandshake(folder, refusal.reason());
      nothingWrittenNothingLost(thing);
    }
  }

  /**
   * @param reason words that the operator reads
   */
  record AtTheRequest(String what, Supplier<DeviceFolder> device, String reason) {
    @Override
    public String toString() {
      return what;
    }
  }

  Stream<AtTheRequest> requests() {
    return Stream.of(
        new AtTheRequest(
            "another manufacturer's CA",
            () -> odd.fromOtherManufacturersCa(victim(7)),
            "its credential is not that endpoint's"),
        new AtTheRequest(
            "an endpoint that is not the certificate's",
            () -> odd.underAnotherName(victim(8), victim(9)),
            "its credential is not that endpoint's"),
        new AtTheRequest("revoked", () -> odd.read(revoked(10)), "this device is revoked"));
  }

  private ShippedDevice revoked(int number) {
    ShippedDevice device = victim(number);
    String path = "/devices/" + Api.segment(device.endpointName().value()) + "/revocation";
    world.cast().administrator().put(path, Map.of("reason", "stolen")).done();
    return device;
  }

  @ParameterizedTest
  @MethodSource("requests")
  void a_device_that_is_not_who_it_says_gets_4_00(AtTheRequest refusal) {
    try (Thing thing = world.unpack(refusal.device().get())) {
      thing.switchOn().sees("bootstrap-request", "4.00");
      refusedFor(thing, refusal.reason());
      nothingWrittenNothingLost(thing);
    }
  }

  @Test
  void a_device_that_nobody_announced_gets_4_00() {
    try (Thing thing = world.unpack(odd.neverAnnounced(victim(11), "999999"))) {
      thing.switchOn().sees("bootstrap-request", "4.00");
      refusedFor(thing, "no such device is expected here");
      assertThat(thing.isFactoryFresh()).isTrue();
      String path = "/devices/" + Api.segment(thing.name());
      assertThat(world.cast().administrator().tryGet(path).status()).isEqualTo(404);
    }
  }

  /** Whatever the others here were refused for stands in the console, in words. */
  @Test
  @org.junit.jupiter.api.Order(Integer.MAX_VALUE)
  void console_shows_each_failed_handshake_with_its_reason() throws Exception {
    ConsoleBrowser.assumeInstalled();
    DeviceFolder stranger = odd.fromUnknownCa(victim(13));
    try (Thing thing = world.unpack(stranger);
        ConsoleBrowser browser = new ConsoleBrowser()) {
      thing.switchOn().sees("handshake", "UNKNOWN_CA");
      failedHandshake(stranger, "no manufacturer has its issuing CA");
      Page page = browser.signedIn(world, 1280, 900);
      page.navigate(world.httpUri() + "/#/refused");
      for (JsonNode failure :
          world.cast().administrator().get("/handshake-failures").path("items")) {
        String reason = failure.path("reason").asText();
        Locator row =
            page.getByTestId("refusal").filter(new Locator.FilterOptions().setHasText(reason));
        PlaywrightAssertions.assertThat(row.first()).isVisible();
      }
      ConsoleBrowser.screen(page, "refused.png");
    }
  }

  private void refusedFor(Thing thing, String reason) {
    eventually(
        () ->
            assertThat(events.of("device.refused", thing.name()))
                .anySatisfy(
                    event -> assertThat(event.at("/details/reason").asText()).contains(reason)));
  }

  /** The console's list of failed handshakes names the certificate and the cause. */
  private void failedHandshake(DeviceFolder folder, String reason) {
    String subject = folder.certificate().getSubjectX500Principal().getName();
    eventually(
        () ->
            assertThat(world.cast().administrator().get("/handshake-failures").path("items"))
                .anySatisfy(
                    failure -> {
                      assertThat(failure.path("subject").asText()).isEqualTo(subject);
                      assertThat(failure.path("reason").asText()).contains(reason);
                    }));
  }

  private void nothingWrittenNothingLost(Thing thing) {
    assertThat(thing.isFactoryFresh()).isTrue();
    assertThat(thing.steps("bootstrap-write")).noneMatch(DeviceStep::ok);
    JsonNode device = world.seen(thing.name());
    assertThat(device.path("state").asText()).isEqualTo("CLAIMED");
    assertThat(device.at("/subscription/state").asText()).isEqualTo("ASSIGNED");
    assertThat(world.seen(thing.name(), "sessions").path("items")).isEmpty();
  }
}
