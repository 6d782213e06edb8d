package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One device's way from its factory to its owner's configuration, as docs/journey.md tells it. */
class FactoryFreshDeviceJourney {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"est", "issued-key", "certified-factory-key", "rpk", "psk"})
  void a_factory_fresh_device_becomes_a_configured_one(String credential) throws Exception {
    try (World world = World.of(folder, World.Home.INSIDE_THE_TEST, Order.of(1));
        Events events = Events.listening(world.cast().administrator())) {
      Cast cast = world.cast();
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();

      // 0 what is shipped is announced, and somebody owns it
      cast.announceShipment();
      assertThat(world.seen(name).path("state").asText()).isEqualTo("EXPECTED");
      cast.bringSubscriptions(world.sealSubscriptions());
      assertThat(world.seen(name).at("/subscription/state").asText()).isEqualTo("ASSIGNED");
      cast.plan(credential, Map.of("models", List.of(shipped.model())));
      cast.configure("Europe/Berlin", world.cloudCredential());
      cast.claim(shipped, "26201");
      assertThat(world.seen(name).path("state").asText()).isEqualTo("CLAIMED");

      // 1 to 5 bootstrap, with its factory certificate alone
      Thing thing = world.unpack(shipped);
      assertThat(thing.isFactoryFresh()).isTrue();
      thing.switchOn().does("bootstrap");
      eventually(() -> assertThat(events.of("device.bootstrapped", name)).hasSize(1));
      the_session_wrote_the_plan_in_its_order(world, name);
      the_plmn_list_was_there_before_the_first_register(thing);

      // 6 and 7 the DM server, with its operational credential
      thing.does("register");
      eventually(() -> assertThat(events.of("device.registered", name)).hasSize(1));
      JsonNode registration = world.seen(name, "registrations").at("/items/0");
      assertThat(registration.path("account").asInt()).isEqualTo(1);
      assertThat(registration.path("version").asText()).isEqualTo("1.1");

      // 8 the eUICC's signed receipt
      thing.does("subscription");
      eventually(
          () ->
              assertThat(world.seen(name).at("/subscription/state").asText()).isEqualTo("ENABLED"));
      JsonNode held = cast.operator().get("/subscriptions").at("/items/0");
      assertThat(held.path("receipt").asBoolean()).isTrue();
      assertThat(held.path("sealedHere").asBoolean()).isFalse();
      assertThat(held.path("iccid").asText()).isEqualTo(world.subscription(shipped.eid()).iccid());

      // 9 its owner's configuration, the cloud's credential too
      world.awaitState(name, "CONFIGURED");
      assertThat(thing.holds(3, 0, 15)).isEqualTo("Europe/Berlin");
      eventually(() -> assertThat(world.cloud().accepted()).containsExactly(name));
      the_drift_report_is_clean_and_keeps_the_secret(world, name);

      the_journey_is_told_step_by_step(world, name, credential);
    }
  }

  @Test
  void the_owner_changes_the_configuration_of_a_registered_device() throws Exception {
    try (World world = World.ready(folder, 1)) {
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      world.cast().claim(shipped);
      Thing thing = world.unpack(shipped).switchOn();
      world.awaitState(name, "CONFIGURED");

      world.cast().configure("Asia/Tokyo", world.cloudCredential());

      eventually(() -> assertThat(thing.holds(3, 0, 15)).isEqualTo("Asia/Tokyo"));
      world.awaitState(name, "CONFIGURED");
      assertThat(thing.steps("bootstrap")).hasSize(1);
    }
  }

  @Test
  void a_service_provider_reaches_its_own_and_never_the_operators() throws Exception {
    try (World world = World.ready(folder, 1)) {
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      world.cast().claim(shipped);
      world.unpack(shipped).switchOn();
      world.awaitState(name, "CONFIGURED");
      String operations = "/devices/" + Api.segment(name) + "/operations";

      JsonNode read =
          world.cast().provider().post(operations, new Request("read", "/3/0/15")).done();
      assertThat(read.at("/values/0/value").asText()).isEqualTo("Europe/Berlin");
      for (String path : List.of("/0", "/1", "/2", "/10", "/11", "/13", "/504", "/505", "/3443")) {
        Api.Answer refused = world.cast().provider().post(operations, new Request("read", path));
        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        Api.Answer document =
            world
                .cast()
                .provider()
                .put(
                    "/configurations/reaching",
                    Map.of("values", Map.of(path + "/0/6", Map.of("value", "00101"))));
        assertThat(document.status()).as(document.text()).isEqualTo(403);
        assertThat(document.body().path("detail").asText()).contains(path);
      }
    }
  }

  private record Request(String operation, String path) {}

  private static void the_session_wrote_the_plan_in_its_order(World world, String name) {
    JsonNode session = world.seen(name, "sessions").at("/items/0");
    List<String> paths =
        texts(session.path("exchanges"), "Write", "path").stream()
            .map(path -> "/" + path.split("/")[1])
            .distinct()
            .toList();
    assertThat(paths).containsExactly("/0", "/1", "/13", "/10", "/11", "/505");
    List<String> operations =
        StreamSupport.stream(session.path("exchanges").spliterator(), false)
            .map(exchange -> exchange.path("operation").asText())
            .distinct()
            .toList();
    assertThat(operations).containsExactly("Discover", "Delete", "Write", "Finish");
    assertThat(texts(session.path("exchanges"), "Delete", "path")).doesNotContain("/");
    assertThat(session.has("failure")).isFalse();
  }

  private static List<String> texts(JsonNode exchanges, String operation, String field) {
    return StreamSupport.stream(exchanges.spliterator(), false)
        .filter(exchange -> exchange.path("operation").asText().equals(operation))
        .map(exchange -> exchange.path(field).asText())
        .toList();
  }

  private static void the_plmn_list_was_there_before_the_first_register(Thing thing) {
    thing.does("register");
    List<DeviceStep> steps = thing.steps();
    int written =
        first(
            steps,
            step ->
                step.name().equals("bootstrap-write")
                    && String.valueOf(step.details().get("path")).startsWith("/13"));
    int registered = first(steps, step -> step.name().equals("register"));
    assertThat(written).isNotNegative().isLessThan(registered);
    assertThat(thing.holds(13, 0, 6)).isEqualTo("26201,00101,20801");
    assertThat(thing.holds(13, 0, 7)).isEqualTo("false");
  }

  private static int first(List<DeviceStep> steps, Predicate<DeviceStep> wanted) {
    Optional<DeviceStep> found = steps.stream().filter(wanted).findFirst();
    return found.map(steps::indexOf).orElse(-1);
  }

  private static void the_drift_report_is_clean_and_keeps_the_secret(World world, String name) {
    JsonNode report = world.seen(name, "configuration");
    assertThat(report.path("paths"))
        .hasSize(2)
        .allSatisfy(path -> assertThat(path.path("result").asText()).isIn("IN_STEP", "WRITTEN"));
    assertThat(report.path("paths"))
        .filteredOn(path -> path.path("path").asText().equals("/19/0/0/0"))
        .singleElement()
        .satisfies(
            path -> {
              assertThat(path.path("secret").asBoolean()).isTrue();
              assertThat(path.has("desired") || path.has("reported")).isFalse();
            });
    assertThat(world.seen(name, "resources").toString())
        .doesNotContain(HexFormat.of().formatHex(world.cloudCredential()));
  }

  private static void the_journey_is_told_step_by_step(
      World world, String name, String credential) {
    JsonNode steps = world.seen(name, "journey").path("steps");
    assertThat(steps).allSatisfy(step -> assertThat(step.path("ok").asBoolean()).isTrue());
    assertThat(steps)
        .extracting(step -> step.path("name").asText())
        .containsExactlyInAnyOrder(
            "handshake",
            "admission",
            "plan",
            "enrolment",
            "bootstrap",
            "subscription",
            "register",
            "configuration")
        .startsWith("handshake", "admission", "plan", "enrolment");
    assertThat(detail(steps, "enrolment", "credential")).isEqualTo(credential);
    assertThat(detail(steps, "subscription", "delivery")).isEqualTo("push");
    assertThat(detail(steps, "subscription", "receipt")).isEqualTo("verified");
  }

  private static String detail(JsonNode steps, String step, String name) {
    return StreamSupport.stream(steps.spliterator(), false)
        .filter(one -> one.path("name").asText().equals(step))
        .map(one -> one.path("details").path(name).asText())
        .findFirst()
        .orElse("");
  }
}
