package org.firstlight.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.firstlight.cli.ApiClient;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;

/**
 * Who plays in the demo, and what each does at the platform before a device is switched on: the
 * administrator lets manufacturer, mobile operator and service provider in; each then acts with a
 * token of its own.
 */
final class Cast {
  private static final String OPERATOR = "firstlight-mobile";
  private static final String PROVIDER = "harbour-logistics";
  private static final String PLAN = "demo";
  private static final String CONFIGURATION = "tracker-settings";

  private final ApiClient administrator;
  private final Shipment shipment;
  private final ApiClient operator;
  private final ApiClient provider;
  private final ApiClient manufacturer;

  private Cast(
      ApiClient administrator,
      Shipment shipment,
      ApiClient operator,
      ApiClient provider,
      ApiClient manufacturer) {
    this.administrator = administrator;
    this.shipment = shipment;
    this.operator = operator;
    this.provider = provider;
    this.manufacturer = manufacturer;
  }

  /** Lets the actors in. Doing it again, on kept data, changes nothing but their tokens. */
  static Cast introduce(ApiClient administrator, Shipment shipment) throws IOException {
    Order order = shipment.order();
    put(
        administrator,
        "/tenants/" + OPERATOR,
        Map.of(
            "name",
            "Firstlight Mobile",
            "kind",
            "MOBILE_OPERATOR",
            "operatorId",
            order.operatorId(),
            "plmnPolicy",
            Map.of("plmns", List.of("00101", "26201", "20801"), "exclusive", false)));
    put(
        administrator,
        "/tenants/" + PROVIDER,
        Map.of("name", "Harbour Logistics", "kind", "SERVICE_PROVIDER"));
    put(
        administrator,
        "/tenants/" + order.manufacturer(),
        Map.of("name", "Acme Devices", "kind", "MANUFACTURER"));
    put(
        administrator,
        "/manufacturers/" + order.manufacturer(),
        Map.of(
            "name",
            "Acme Devices",
            "anchors",
            List.of(Files.readString(shipment.manufacturerCa())),
            "identityRule",
            order.rule().name(),
            "namespace",
            order.namespace()));
    prove(administrator, shipment);
    return new Cast(
        administrator,
        shipment,
        administrator.as(token(administrator, OPERATOR)),
        administrator.as(token(administrator, PROVIDER)),
        administrator.as(token(administrator, order.manufacturer())));
  }

  /** The manufacturer's shipment list. */
  void importDevices() throws IOException {
    accepted(manufacturer.postLines("/devices", Files.readString(shipment.list())));
  }

  /** The mobile operator's plan: credential, networks, APN, and the subscription pushed. */
  void writePlan() {
    put(
        administrator,
        "/onboarding-plans/" + PLAN,
        Map.of(
            "models",
            List.of(shipment.order().model()),
            "account",
            Map.of("lifetime", 300),
            "credential",
            "est",
            "subscription",
            "push",
            "apns",
            Map.of("0", Map.of("0", "default", "1", "iot.firstlight.example", "4", "3")),
            "cellular",
            Map.of("4", "3600"),
            "optional",
            List.of(10)));
  }

  /** The operator's sealed packages, as its own process made them. */
  void importSubscriptions(Path sealed) throws IOException {
    accepted(operator.postLines("/subscriptions", Files.readString(sealed)));
  }

  /**
   * The service provider's configuration.
   *
   * @param cloudCredential what the devices shall show to its cloud: a secret
   */
  void writeConfiguration(String cloudCredential) {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    values.putObject("/3/0/14").put("value", "+01:00");
    values.putObject("/3/0/15").put("value", "Europe/Berlin");
    values.putObject("/19/0/0/0").put("secret", cloudCredential);
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putArray("models").add(shipment.order().model());
    document.set("values", values);
    put(provider, "/configurations/" + CONFIGURATION, document);
  }

  /** The service provider claims a device with the code from its box, unless it has it already. */
  void claim(ShippedDevice device) {
    if (look(device).hasNonNull("owner")) {
      return;
    }
    provider.post(
        "/claims", Map.of("code", device.claimCode(), "preferredPlmns", List.of("26201")));
  }

  /** Returns when the device has been told to wait for its owner, or patience is over. */
  void awaitWaiting(ShippedDevice device, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!hasCome(look(device)) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static boolean hasCome(JsonNode device) {
    return device.hasNonNull("waiting") || device.hasNonNull("owner");
  }

  private JsonNode look(ShippedDevice device) {
    return administrator.get("/devices/" + ApiClient.segment(device.endpointName().value()));
  }

  private static String token(ApiClient administrator, String tenant) {
    return administrator
        .post("/tokens", Map.of("name", "demo", "tenant", tenant))
        .path("token")
        .asText();
  }

  /** The manufacturer shows that it holds the key of its CA, unless it has done so already. */
  private static void prove(ApiClient administrator, Shipment shipment) {
    String maker = "/manufacturers/" + shipment.order().manufacturer();
    String challenge =
        administrator.get(maker).path("authorities").path(0).path("challenge").asText();
    if (!challenge.isEmpty()) {
      String proof = shipment.manufacturer().proof(challenge, Instant.now());
      administrator.post(maker + "/proofs", Map.of("certificate", proof));
    }
  }

  /** Creates, or leaves what is there. */
  private static void put(ApiClient api, String path, Object body) {
    if (!api.exists(path)) {
      api.put(path, body);
    }
  }

  private static void accepted(JsonNode result) {
    if (!result.path("refused").isEmpty()) {
      throw new IllegalStateException("an import was refused: " + result.path("refused").get(0));
    }
  }
}
