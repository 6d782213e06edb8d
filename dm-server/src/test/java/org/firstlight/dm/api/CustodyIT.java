package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.operator.EuiccDirectory;
import org.firstlight.simulator.operator.RandomSubscriptions;
import org.firstlight.simulator.operator.SealRun;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the platform takes from an operator's own sealing tool, and what it refuses. */
class CustodyIT {
  @TempDir Path folder;
  private RunningApi api;

  @BeforeEach
  void start() throws Exception {
    api = new RunningApi(folder);
    api.ship();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private Reply send(String lines) throws Exception {
    return api.as(api.token(RunningApi.OPERATOR)).ndjson("/subscriptions", lines);
  }

  /** Seals a subscription for each eUICC of this API's shipment, with the keys of that operator. */
  private List<String> seal(Shipment operator, Duration from, Duration to) throws Exception {
    Path csv = folder.resolve("subscriptions.csv");
    RandomSubscriptions.write(
        csv, api.shipment.devices().stream().map(device -> device.eid()).toList());
    SealRun run =
        new SealRun(
            PemFiles.readKey(operator.operatorFolder().resolve("operator.key.pem")),
            PemFiles.readCertificate(operator.operatorFolder().resolve("operator.pem")),
            new EuiccDirectory(
                api.shipment.operatorFolder().resolve("euicc-certificates"),
                PemFiles.readCertificates(api.shipment.euiccRoot())),
            operator.operatorFolder(),
            Clock.systemUTC());
    Instant now = Instant.now();
    SealRun.Outcome outcome = run.seal(Files.readString(csv), now.plus(from), now.plus(to));
    assertThat(outcome.refusals()).isEmpty();
    return outcome.lines();
  }

  private List<String> seal() throws Exception {
    return seal(api.shipment, Duration.ofMinutes(-5), Duration.ofDays(30));
  }

  private static String reason(Reply reply) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    assertThat(reply.body().path("accepted").asInt()).isZero();
    return reply.body().at("/refused/0/reason").asText();
  }

  private static String field(String line, String name) throws Exception {
    return RunningApi.JSON.readTree(line).path(name).asText();
  }

  @Test
  void sealed_packages_are_kept_and_assigned_and_the_same_list_again_changes_nothing()
      throws Exception {
    List<String> lines = seal();

    Reply first = send(String.join("\n", lines));
    Reply again = send(String.join("\n", lines));

    assertThat(first.body().path("accepted").asInt()).as(first.toString()).isEqualTo(3);
    assertThat(again.body().path("accepted").asInt()).as(again.toString()).isEqualTo(3);
    var kept = api.state.findAll(Kinds.SUBSCRIPTION, api.name(0));
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).value().state()).isEqualTo(SubscriptionState.ASSIGNED);
    assertThat(kept.get(0).version()).isEqualTo(1);
  }

  @Test
  void the_sealed_bytes_never_come_out_and_each_sees_what_is_its_own() throws Exception {
    List<String> lines = seal();
    send(String.join("\n", lines));
    api.claim(0, RunningApi.PROVIDER);
    String id = field(lines.get(0), "packageId");
    String sealed = field(lines.get(0), "sealed");
    String device = "/devices/" + RunningApi.path(api.name(0));

    Reply operators = api.as(api.token(RunningApi.OPERATOR)).get("/subscriptions/" + id);
    Reply operatorsDevice = api.as(api.token(RunningApi.OPERATOR)).get(device);
    Reply operatorsFleet = api.as(api.token(RunningApi.OPERATOR)).get("/devices");
    Reply providers = api.as(api.token(RunningApi.PROVIDER)).get(device);
    Reply administrators = api.as(api.administrator).get("/subscriptions");

    assertThat(operators.body().path("state").asText()).isEqualTo("ASSIGNED");
    assertThat(operatorsDevice.body().at("/subscription/state").asText()).isEqualTo("ASSIGNED");
    assertThat(operatorsFleet.body().path("items")).hasSize(3);
    assertThat(providers.body().path("subscription")).hasSize(1);
    assertThat(providers.body().at("/subscription/present").asBoolean()).isTrue();
    assertThat(providers.text()).doesNotContain(id).doesNotContain("firstlight-mobile");
    for (Reply reply : List.of(operators, operatorsDevice, providers, administrators)) {
      assertThat(reply.text()).doesNotContain(sealed.substring(0, 40));
    }
  }

  @Test
  void a_mobile_operator_never_sees_a_third_partys_configuration() throws Exception {
    send(String.join("\n", seal()));
    String device = "/devices/" + RunningApi.path(api.name(0));
    RunningApi.Caller operator = api.as(api.token(RunningApi.OPERATOR));

    assertThat(operator.get(device).status()).isEqualTo(200);
    assertThat(operator.get(device + "/configuration").status()).isEqualTo(403);
    Reply read =
        operator.post(device + "/operations", "{\"operation\":\"read\",\"path\":\"/19/0/0\"}");
    assertThat(read.status()).isEqualTo(403);
  }

  @Test
  void a_package_for_another_eUICC_is_refused() throws Exception {
    List<String> lines = seal();
    String swapped = lines.get(0).replace(field(lines.get(0), "eid"), field(lines.get(1), "eid"));

    assertThat(reason(send(swapped))).contains("another eUICC");
  }

  @Test
  void a_package_under_another_id_is_refused() throws Exception {
    String line = seal().get(0);
    String renamed = line.replace(field(line, "packageId"), "0".repeat(32));

    assertThat(reason(send(renamed))).contains("another id");
  }

  @Test
  void a_flipped_bit_is_noticed() throws Exception {
    String line = seal().get(0);
    String sealed = field(line, "sealed");
    byte[] bytes = Base64.getDecoder().decode(sealed);
    bytes[bytes.length - 10] ^= 1;

    String reason = reason(send(line.replace(sealed, Base64.getEncoder().encodeToString(bytes))));
    assertThat(reason).contains("signature");
  }

  @Test
  void an_expired_and_an_early_package_are_refused() throws Exception {
    String expired = seal(api.shipment, Duration.ofDays(-2), Duration.ofDays(-1)).get(0);
    String early = seal(api.shipment, Duration.ofDays(1), Duration.ofDays(2)).get(0);

    assertThat(reason(send(expired))).contains("expired");
    assertThat(reason(send(early))).contains("valid from");
  }

  @Test
  void an_older_package_after_a_newer_one_is_a_replay() throws Exception {
    String older = seal().get(0);
    String newer = seal().get(0);

    assertThat(send(newer).body().path("accepted").asInt()).isEqualTo(1);
    assertThat(reason(send(older))).contains("counter");
  }

  @Test
  void an_operator_outside_the_subscription_root_is_refused() throws Exception {
    Shipment elsewhere =
        new Factory(folder.resolve("elsewhere"), Clock.systemUTC()).make(Order.of(1));
    String line = seal(elsewhere, Duration.ofMinutes(-5), Duration.ofDays(1)).get(0);

    assertThat(reason(send(line))).contains("not trusted");
  }

  @Test
  void another_operators_package_is_refused() throws Exception {
    api.as(api.administrator)
        .put(
            "/tenants/east",
            "{\"name\":\"East\",\"kind\":\"MOBILE_OPERATOR\",\"operatorId\":\"east\"}");

    Reply reply = api.as(api.token("east")).ndjson("/subscriptions", seal().get(0));
    assertThat(reason(reply)).contains("another operator's");
  }

  @Test
  void unknown_eUICCs_and_lines_that_are_no_packages_are_refused_by_line() throws Exception {
    List<String> lines = seal();
    String unknown =
        lines.get(0).replace(field(lines.get(0), "eid"), "89049032000000000000000000000092");
    String list =
        String.join(
            "\n",
            "nonsense",
            lines.get(1).replace("\"sealed\":\"", "\"sealed\":\"!"),
            unknown,
            "{\"packageId\":\"x\",\"eid\":\"y\",\"sealed\":\"\"}",
            lines.get(2));

    Reply reply = send(list);

    assertThat(reply.body().path("accepted").asInt()).isEqualTo(1);
    assertThat(reply.body().path("refused")).hasSize(4);
    assertThat(reply.body().at("/refused/1/reason").asText()).contains("base64");
    assertThat(reply.text()).doesNotContain(field(lines.get(1), "sealed").substring(0, 40));
  }
}
