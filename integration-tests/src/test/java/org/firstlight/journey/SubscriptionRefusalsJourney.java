package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.euicc.EuiccAnswer;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Eids;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.operator.EuiccDirectory;
import org.firstlight.simulator.operator.SealRun;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sealed packages that must not reach an eUICC: the operator's tool, the platform and the eUICC
 * each refuse by themselves, so each is asked without the others.
 */
class SubscriptionRefusalsJourney {
  private static final int INTEGRITY = 5;

  private World world;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = World.of(folder, World.Home.INSIDE_THE_TEST, Order.of(2));
    world.cast().announceShipment();
  }

  @AfterEach
  void end() {
    world.close();
  }

  private Eid eid(int number) {
    return world.device(number).eid();
  }

  @Test
  void seal_refuses_a_certificate_that_no_euicc_maker_vouches_for() throws Exception {
    Authority nobody = Authority.create("Nobody's eUICCs", Instant.now());
    swapCertificate(eid(0), nobody, eid(0));

    SealTool.Outcome sealed = new SealTool(world.shipment()).seal(world.subscriptions());

    refusedInLine2(sealed);
  }

  @Test
  void seal_refuses_the_good_certificate_of_another_euicc() throws Exception {
    Authority maker = Authority.read(world.shipment().euiccRoot().getParent(), "euicc-root");
    swapCertificate(eid(0), maker, Eids.random(new SecureRandom()));

    SealTool.Outcome sealed = new SealTool(world.shipment()).seal(world.subscriptions());

    refusedInLine2(sealed);
  }

  private void refusedInLine2(SealTool.Outcome sealed) {
    assertThat(sealed.exit()).isEqualTo(1);
    assertThat(sealed.words()).contains("line 2: ").contains("1 sealed, 1 refused");
    assertThat(sealed.lines()).doesNotContain(eid(0).value()).contains(eid(1).value());
  }

  /** Who stands between puts a key of its own in place of the eUICC's. */
  private void swapCertificate(Eid place, Authority maker, Eid named) {
    Leaf leaf =
        new Leaf(
                new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.SERIALNUMBER, named.value())
                    .addRDN(BCStyle.CN, "eUICC")
                    .build(),
                Instant.now().minusSeconds(3600),
                Authority.NEVER)
            .withKeyUsage(KeyUsage.keyAgreement);
    PemFiles.writeCertificates(
        world.shipment().operatorFolder().resolve("euicc-certificates").resolve(place + ".pem"),
        maker.issue(Authority.newKeyPair().getPublic(), leaf));
  }

  @Test
  void an_operator_outside_the_subscription_root_is_refused_by_platform_and_euicc() {
    Authority rogueRoot = Authority.create("Rogue root", Instant.now());
    KeyPair rogue = Authority.newKeyPair();
    Path desk = world.shipment().operatorFolder();
    Leaf leaf =
        new Leaf(
            new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.ORGANIZATION_IDENTIFIER, world.shipment().order().operatorId())
                .addRDN(BCStyle.CN, "rogue")
                .build(),
            Instant.now().minusSeconds(3600),
            Instant.now().plus(Duration.ofDays(1)));
    PemFiles.writeKey(desk.resolve("rogue.key.pem"), rogue.getPrivate());
    PemFiles.writeCertificates(desk.resolve("rogue.pem"), rogueRoot.issue(rogue.getPublic(), leaf));

    SealTool.Outcome sealed = new SealTool(world.shipment()).seal(world.subscriptions(), "rogue");

    assertThat(sealed.exit()).isZero();
    importRefuses(sealed.lines(), 2, "the operator's certificate is not trusted");
    euiccRefuses(eid(0), bytes(line(sealed.lines(), eid(0))), "untrusted-operator");
  }

  @Test
  void a_package_for_another_euicc_is_refused_by_platform_and_euicc() {
    String lines = world.sealSubscriptions();
    JsonNode mine = line(lines, eid(0));

    importRefuses(
        """
        {"packageId":"%s","eid":"%s","sealed":"%s"}
        """
            .formatted(mine.path("packageId").asText(), eid(1), mine.path("sealed").asText()),
        1,
        "the package is for another eUICC");
    euiccRefuses(eid(1), bytes(mine), "wrong-eid");
  }

  @Test
  void a_package_with_a_bad_signature_is_refused_by_platform_and_euicc() {
    JsonNode mine = line(world.sealSubscriptions(), eid(0));
    byte[] tampered = bytes(mine);
    tampered[tampered.length - 1] ^= 1; // the signature stands last in SignedData

    importRefuses(
        """
        {"packageId":"%s","eid":"%s","sealed":"%s"}
        """
            .formatted(
                mine.path("packageId").asText(),
                eid(0),
                Base64.getEncoder().encodeToString(tampered)),
        1,
        "signature does not verify");
    euiccRefuses(eid(0), tampered, "bad-signature");
  }

  @Test
  void an_expired_package_is_refused_by_platform_and_euicc() throws Exception {
    Instant now = Instant.now();
    String lines = sealFor(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)));

    importRefuses(lines, 2, "the package expired at");
    euiccRefuses(eid(0), bytes(line(lines, eid(0))), "expired");
  }

  @Test
  void a_replayed_package_is_refused_by_platform_and_euicc() throws Exception {
    String earlier = world.sealSubscriptions();
    String later = world.sealSubscriptions();
    world.cast().bringSubscriptions(later);

    importRefuses(earlier, 2, "was there already");
    EuiccAnswer first = present(eid(0), bytes(line(later, eid(0))));
    assertThat(first.done()).isTrue();
    euiccRefuses(eid(0), bytes(line(earlier, eid(0))), "replayed");
    assertThat(world.workbench().euicc().status(eid(0)).toCompletableFuture().join().iccids())
        .hasSize(1);
  }

  /** What the operator's process would make of it on another day. */
  private String sealFor(Instant notBefore, Instant notAfter) throws Exception {
    Path desk = world.shipment().operatorFolder();
    SealRun run =
        new SealRun(
            PemFiles.readKey(desk.resolve("operator.key.pem")),
            PemFiles.readCertificate(desk.resolve("operator.pem")),
            new EuiccDirectory(
                desk.resolve("euicc-certificates"),
                PemFiles.readCertificatesUnder(desk.resolve("euicc-roots.pem"))),
            desk,
            Clock.systemUTC());
    SealRun.Outcome sealed = run.seal(Files.readString(world.subscriptions()), notBefore, notAfter);
    assertThat(sealed.refusals()).isEmpty();
    return String.join("\n", sealed.lines()) + "\n";
  }

  private void importRefuses(String lines, int count, String reason) {
    List<JsonNode> before = subscriptions();
    JsonNode result = world.cast().operator().postLines("/subscriptions", lines).done();
    assertThat(result.path("accepted").asInt()).isZero();
    assertThat(result.path("refused"))
        .hasSize(count)
        .allSatisfy(refusal -> assertThat(refusal.path("reason").asText()).contains(reason));
    assertThat(subscriptions()).isEqualTo(before);
  }

  private List<JsonNode> subscriptions() {
    List<JsonNode> all = new ArrayList<>();
    world.cast().operator().get("/subscriptions").path("items").forEach(all::add);
    return all;
  }

  /** Past the platform, straight to the eUICC: it answers with a receipt and keeps what it had. */
  private void euiccRefuses(Eid eid, byte[] sealed, String outcome) {
    List<String> before =
        world.workbench().euicc().status(eid).toCompletableFuture().join().iccids();
    EuiccAnswer answer = present(eid, sealed);
    assertThat(answer.outcome()).isEqualTo(outcome);
    assertThat(answer.updateResult()).isEqualTo(INTEGRITY);
    assertThat(answer.receipt()).isPresent();
    assertThat(answer.iccids()).isEqualTo(before);
  }

  private EuiccAnswer present(Eid eid, byte[] sealed) {
    return world.workbench().euicc().install(eid, sealed).toCompletableFuture().join();
  }

  private static JsonNode line(String lines, Eid eid) {
    return lines
        .lines()
        .map(Api::tree)
        .filter(line -> line.path("eid").asText().equals(eid.value()))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] bytes(JsonNode line) {
    return Base64.getDecoder().decode(line.path("sealed").asText());
  }
}
