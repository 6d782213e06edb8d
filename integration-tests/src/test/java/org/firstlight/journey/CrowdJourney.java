package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.crowd.Crowd;
import org.firstlight.simulator.crowd.CrowdOptions;
import org.firstlight.simulator.crowd.PhaseResult;
import org.firstlight.simulator.factory.CrowdFactory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small crowd at real servers: what the large one of the measurement does, does work. */
class CrowdJourney {
  private static final int DEVICES = 40;
  private static final int UNCLAIMED_AT_FIRST = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  @TempDir private Path folder;

  private World world;
  private Shipment shipment;

  @Test
  void crowd_comes_in_and_comes_back_after_a_power_cut_and_from_other_addresses() throws Exception {
    try (World platform = World.of(folder, World.Home.INSIDE_THE_TEST, Order.of(1))) {
      world = platform;
      announce();
      CrowdOptions options =
          new CrowdOptions(
              world.bootstrapUri(),
              Certificates.der(world.serverCa()),
              16,
              Timing.fast(),
              Duration.ofMillis(500));
      try (Crowd crowd = new Crowd(CrowdFactory.read(shipment.root()), options)) {
        comesIn(crowd);
        Map<String, JsonNode> first = seen();
        comesBack(crowd);
        reports(crowd, first);
      }
    }
  }

  private void announce() throws Exception {
    Order order =
        new Order(DEVICES, "throng", "CR-1", "urn:throng:", IdentityRule.SAN_URI, "nobody");
    shipment = new CrowdFactory(folder.resolve("throng"), Clock.systemUTC()).make(order);
    Cast.manufacturer(
        world.cast().administrator(),
        "throng",
        Map.of("name", "Throng", "identityRule", "SAN_URI", "namespace", "urn:throng:"),
        shipment.manufacturer());
    world.cast().administrator().postLines("/devices", Files.readString(shipment.list())).done();
    world.cast().plan("est", Map.of("subscription", "none", "account", Map.of("lifetime", 300)));
    claim(0, DEVICES - UNCLAIMED_AT_FIRST);
  }

  private void claim(int from, int to) {
    JsonNode report =
        world
            .cast()
            .provider()
            .postLines(
                "/claims",
                shipment.devices().subList(from, to).stream()
                    .map(device -> "{\"code\":\"%s\"}".formatted(device.claimCode()))
                    .collect(Collectors.joining("\n")))
            .done();
    assertThat(report.path("accepted").asInt()).as(report.toString()).isEqualTo(to - from);
  }

  /** Who finds itself unclaimed is told when to come again, and does. */
  private void comesIn(Crowd crowd) throws Exception {
    AtomicBoolean claimed = new AtomicBoolean();
    PhaseResult result =
        crowd
            .switchOn("first", Duration.ofMillis(500))
            .await(
                PATIENCE,
                line -> {
                  if (line.contains("bootstrap 5.03") && claimed.compareAndSet(false, true)) {
                    claim(DEVICES - UNCLAIMED_AT_FIRST, DEVICES);
                  }
                });
    assertThat(result.isWhole()).as(result.toJson()).isTrue();
    assertThat(result.refused().get("bootstrap 5.03")).as(result.toJson()).isPositive();
    assertThat(result.events())
        .containsEntry("bootstrapped", (long) DEVICES)
        .containsEntry("enrolled", (long) DEVICES);
    isWhatTheServerKnows(crowd);
  }

  /** With new connections, and the certificates that they have: no bootstrap but of a tenth. */
  private void comesBack(Crowd crowd) throws Exception {
    PhaseResult result = crowd.cutPower("cut", Duration.ZERO, 0.1).await(PATIENCE, line -> {});
    assertThat(result.isWhole()).as(result.toJson()).isTrue();
    assertThat(result.events())
        .containsEntry("bootstrapped", DEVICES / 10L)
        .containsEntry("registered", (long) DEVICES)
        .containsEntry("handshakes", DEVICES + DEVICES / 10L);
    isWhatTheServerKnows(crowd);
  }

  /** Each wakes at another address, and the server knows it by its Connection ID. */
  private void reports(Crowd crowd, Map<String, JsonNode> before) throws Exception {
    PhaseResult result = crowd.report("day", Duration.ofSeconds(2)).await(PATIENCE, line -> {});
    assertThat(result.isWhole()).as(result.toJson()).isTrue();
    assertThat(result.events()).doesNotContainKey("handshakes").doesNotContainKey("registered");
    long moved =
        seen().entrySet().stream()
            .filter(one -> !address(one.getValue()).equals(address(before.get(one.getKey()))))
            .count();
    assertThat(moved).isGreaterThan(DEVICES / 2);
  }

  private static String address(JsonNode device) {
    return device.path("registration").path("address").asText();
  }

  private Map<String, JsonNode> seen() {
    Map<String, JsonNode> all = new HashMap<>();
    shipment
        .devices()
        .forEach(
            device ->
                all.put(device.endpointName().value(), world.seen(device.endpointName().value())));
    return all;
  }

  private void isWhatTheServerKnows(Crowd crowd) {
    Map<String, String> held = crowd.certificates();
    assertThat(held).hasSize(DEVICES);
    List<String> names = List.copyOf(held.keySet());
    eventually(
        () -> {
          Map<String, JsonNode> seen = seen();
          assertThat(names)
              .allSatisfy(
                  name -> {
                    assertThat(seen.get(name).at("/registration/queueMode").asBoolean()).isTrue();
                    assertThat(seen.get(name).at("/credentials/0/sha256").asText())
                        .isEqualTo(held.get(name));
                  });
        });
  }
}
