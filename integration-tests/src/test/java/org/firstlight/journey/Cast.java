package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;

/** Who acts at the platform, each with a token of its own and no more rights than it has. */
public final class Cast {
  static final String OPERATOR = "north-mobile";
  static final String PROVIDER = "harbour";
  static final String PLAN = "plan";
  static final String CONFIGURATION = "settings";

  private final Shipment shipment;
  private final Api administrator;
  private final Api operator;
  private final Api provider;
  private final Api manufacturer;

  private Cast(Shipment shipment, Api administrator) {
    this.shipment = shipment;
    this.administrator = administrator;
    operator = as(OPERATOR);
    provider = as(PROVIDER);
    manufacturer = as(shipment.order().manufacturer());
  }

  /** The administrator lets mobile operator, service provider and manufacturer in. */
  public static Cast introduce(Api administrator, Shipment shipment) throws IOException {
    Order order = shipment.order();
    tenant(
        administrator,
        OPERATOR,
        Map.of(
            "name",
            "North Mobile",
            "kind",
            "MOBILE_OPERATOR",
            "operatorId",
            order.operatorId(),
            "plmnPolicy",
            Map.of("plmns", List.of("00101", "26201", "20801"), "exclusive", false)));
    tenant(administrator, PROVIDER, Map.of("name", "Harbour", "kind", "SERVICE_PROVIDER"));
    tenant(administrator, order.manufacturer(), Map.of("name", "Acme", "kind", "MANUFACTURER"));
    manufacturer(
        administrator,
        order.manufacturer(),
        Map.of("name", "Acme", "identityRule", order.rule().name(), "namespace", order.namespace()),
        shipment.manufacturer());
    return new Cast(shipment, administrator);
  }

  /**
   * A manufacturer that proves that it holds its one CA's key, unless it did so before.
   *
   * @param rest of its document, without the anchors
   */
  static void manufacturer(
      Api administrator, String id, Map<String, Object> rest, Authority authority) {
    Map<String, Object> document = new HashMap<>(rest);
    document.put("anchors", List.of(PemFiles.toPem(authority.certificate())));
    String path = "/manufacturers/" + id;
    String challenge =
        administrator
            .put(path, document)
            .done()
            .path("authorities")
            .path(0)
            .path("challenge")
            .asText();
    if (!challenge.isEmpty()) {
      String proof = authority.proof(challenge, Instant.now());
      administrator.post(path + "/proofs", Map.of("certificate", proof)).done();
    }
  }

  private static void tenant(Api administrator, String id, Map<String, Object> tenant) {
    administrator.put("/tenants/" + id, tenant).done();
  }

  private Api as(String tenant) {
    JsonNode made =
        administrator.post("/tokens", Map.of("name", "journeys", "tenant", tenant)).done();
    return administrator.as(made.path("token").asText());
  }

  public Api administrator() {
    return administrator;
  }

  Api operator() {
    return operator;
  }

  public Api provider() {
    return provider;
  }

  /** The manufacturer announces what it ships. */
  void announceShipment() throws IOException {
    taken(manufacturer.postLines("/devices", Files.readString(shipment.list())), 0);
  }

  void announce(ShippedDevice device) {
    taken(manufacturer.postLines("/devices", device.toJson() + "\n"), 0);
  }

  /** The operator brings what its own process has sealed. */
  void bringSubscriptions(String lines) {
    taken(operator.postLines("/subscriptions", lines), 0);
  }

  private static void taken(Api.Answer answer, int refused) {
    assertThat(answer.done().path("refused")).as(answer.text()).hasSize(refused);
  }

  /** One plan for every device; {@code credential} as a plan spells it. */
  void plan(String credential) {
    plan(credential, Map.of());
  }

  /**
   * @param changes of the plan, by its members' names
   */
  Api.Answer tryPlan(String credential, Map<String, Object> changes) {
    Map<String, Object> plan =
        new HashMap<>(
            Map.of(
                "account",
                Map.of("lifetime", 120),
                "credential",
                credential,
                "subscription",
                "push",
                "apns",
                Map.of("0", Map.of("0", "default", "1", "iot.example", "4", "3")),
                "cellular",
                Map.of("4", "3600"),
                "timing",
                Map.of("requestTimeoutMs", 10_000)));
    plan.putAll(changes);
    return administrator.put("/onboarding-plans/" + PLAN, plan);
  }

  void plan(String credential, Map<String, Object> changes) {
    tryPlan(credential, changes).done();
  }

  /** The service provider's wishes, and the credential that its devices show to its cloud. */
  void configure(String timezone, byte[] cloudCredential) {
    provider
        .put(
            "/configurations/" + CONFIGURATION,
            Map.of(
                "values",
                Map.of(
                    "/3/0/15",
                    Map.of("value", timezone),
                    "/19/0/0/0",
                    Map.of("secret", "hex:" + HexFormat.of().formatHex(cloudCredential)))))
        .done();
  }

  /** The owner types in the code from the box, and the user's choice of networks. */
  void claim(ShippedDevice device, String... preferredPlmns) {
    provider
        .post(
            "/claims",
            Map.of("code", device.claimCode(), "preferredPlmns", List.of(preferredPlmns)))
        .done();
  }
}
