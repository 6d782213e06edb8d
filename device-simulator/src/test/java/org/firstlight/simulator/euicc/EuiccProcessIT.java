package org.firstlight.simulator.euicc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.subscription.Receipt;
import org.firstlight.kit.subscription.ReceiptCheck;
import org.firstlight.kit.subscription.SubscriptionHeader;
import org.firstlight.kit.subscription.SubscriptionHeader.Action;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.operator.Sealer;
import org.firstlight.simulator.pem.PemFiles;
import org.firstlight.simulator.subscription.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sealed package through a real eUICC process, and each reason it has to refuse one. */
class EuiccProcessIT {
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final byte[] K = HexFormat.of().parseHex("465b5ce8b199b49faa5f0a2ee238a6bc");
  private static final byte[] OPC = HexFormat.of().parseHex("cd63cb71954a9f4e48a5994e37a02baf");

  @TempDir Path folder;
  private Shipment shipment;
  private Eid eid;
  private Sealer operator;
  private EuiccProcess euicc;

  @BeforeEach
  void start() throws Exception {
    shipment = new Factory(folder, Clock.systemUTC()).make(Order.of(2));
    eid = shipment.devices().get(0).eid();
    operator =
        new Sealer(
            PemFiles.readKey(shipment.operatorFolder().resolve("operator.key.pem")),
            PemFiles.readCertificate(shipment.operatorFolder().resolve("operator.pem")));
    euicc = EuiccProcess.start(shipment.euiccFolder());
  }

  @AfterEach
  void stop() {
    euicc.close();
  }

  @Test
  void sealed_subscription_is_installed_and_acknowledged_by_the_euicc() {
    SubscriptionHeader header = header(1);
    byte[] sealed = seal(header);

    EuiccAnswer answer = install(sealed);

    assertThat(answer.done()).isTrue();
    assertThat(answer.iccids()).containsExactly("8999901234567890123");
    Receipt receipt = verified(answer, header, sealed);
    assertThat(receipt.result()).isEqualTo(Receipt.Result.ENABLED);
    assertThat(receipt.iccid()).contains("8999901234567890123");
  }

  @Test
  void installed_profile_and_counter_survive_the_process() throws Exception {
    byte[] first = seal(header(1));
    byte[] second = seal(header(2));
    install(first);
    EuiccAnswer installed = install(second);
    euicc.close();
    euicc = EuiccProcess.start(shipment.euiccFolder());

    EuiccAnswer status = euicc.status(eid).toCompletableFuture().get(20, TimeUnit.SECONDS);

    assertThat(status.iccids()).hasSize(2);
    assertThat(status.receipt().orElseThrow()).isEqualTo(installed.receipt().orElseThrow());
    assertThat(install(first).outcome()).isEqualTo("replayed");
  }

  @Test
  void same_package_again_changes_nothing_and_gets_the_same_receipt() {
    byte[] sealed = seal(header(7));
    EuiccAnswer first = install(sealed);

    EuiccAnswer again = install(sealed);

    assertThat(again.outcome()).isEqualTo("enabled");
    assertThat(again.receipt().orElseThrow()).isEqualTo(first.receipt().orElseThrow());
    assertThat(again.iccids()).hasSize(1);
  }

  @Test
  void older_counter_is_a_replay() {
    install(seal(header(5)));
    SubscriptionHeader older = header(5);
    byte[] sealed = seal(older);

    EuiccAnswer answer = install(sealed);

    assertRefused(answer, older, sealed, Receipt.Result.REPLAYED);
    assertThat(answer.iccids()).hasSize(1);
  }

  @Test
  void package_for_another_euicc_is_refused() {
    Eid other = shipment.devices().get(1).eid();
    SubscriptionHeader header = header(1);
    byte[] sealed = seal(header);

    EuiccAnswer answer =
        euicc.install(other, sealed).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();

    assertThat(answer.outcome()).isEqualTo("wrong-eid");
    assertThat(answer.iccids()).isEmpty();
  }

  @Test
  void package_sealed_to_another_euiccs_key_is_refused() {
    SubscriptionHeader header = header(1);
    byte[] sealed =
        operator.seal(
            subscription(), header, agreement(shipment.devices().get(1).eid())); // header: ours

    assertRefused(install(sealed), header, sealed, Receipt.Result.UNDECRYPTABLE);
  }

  @Test
  void operator_not_under_the_subscription_root_is_refused() {
    Authority otherRoot = Authority.create("Another root", NOW);
    KeyPair pair = Authority.newKeyPair();
    X509Certificate certificate =
        otherRoot.issue(
            pair.getPublic(),
            new Leaf(
                new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.ORGANIZATION_IDENTIFIER, "firstlight-mobile")
                    .build(),
                NOW.minusSeconds(60),
                NOW.plusSeconds(3600)));
    SubscriptionHeader header = header(1);
    byte[] sealed =
        new Sealer(pair.getPrivate(), certificate).seal(subscription(), header, agreement(eid));

    assertRefused(install(sealed), header, sealed, Receipt.Result.UNTRUSTED_OPERATOR);
  }

  @Test
  void signature_by_another_key_is_refused() {
    Sealer forger =
        new Sealer(
            Authority.newKeyPair().getPrivate(),
            PemFiles.readCertificate(shipment.operatorFolder().resolve("operator.pem")));
    SubscriptionHeader header = header(1);
    byte[] sealed = forger.seal(subscription(), header, agreement(eid));

    assertRefused(install(sealed), header, sealed, Receipt.Result.BAD_SIGNATURE);
  }

  @Test
  void expired_package_is_refused() {
    SubscriptionHeader header = header(1, NOW.minusSeconds(7200), NOW.minusSeconds(3600));
    byte[] sealed = seal(header);

    assertRefused(install(sealed), header, sealed, Receipt.Result.EXPIRED);
  }

  @Test
  void package_of_tomorrow_is_refused_and_its_counter_is_not_spent() {
    SubscriptionHeader header = header(3, NOW.plusSeconds(3600), NOW.plusSeconds(7200));
    byte[] sealed = seal(header);

    assertRefused(install(sealed), header, sealed, Receipt.Result.NOT_YET_VALID);
    assertThat(install(seal(header(3))).done()).isTrue();
  }

  @Test
  void any_flipped_bit_is_refused() {
    byte[] sealed = seal(header(1));
    for (int at = 0; at < sealed.length; at += 37) {
      byte[] damaged = sealed.clone();
      damaged[at] ^= 0x10;

      EuiccAnswer answer = install(damaged);

      assertThat(answer.done()).as("byte %d flipped", at).isFalse();
      assertThat(answer.receipt()).isPresent();
    }
    assertThat(install(sealed).done()).isTrue();
  }

  @Test
  void hundred_megabytes_are_refused_without_being_kept() {
    EuiccAnswer answer = install(new byte[100 * 1024 * 1024]); // its heap is 64 MB

    assertThat(answer.outcome()).isEqualTo("memory");
    assertThat(install(seal(header(1))).done()).isTrue();
  }

  @Test
  void euicc_of_one_operator_takes_none_from_another() {
    install(seal(header(1)));
    Authority root = Authority.read(folder.resolve("ci"), "subscription-root");
    KeyPair pair = Authority.newKeyPair();
    X509Certificate certificate =
        root.issue(
            pair.getPublic(),
            new Leaf(
                new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.ORGANIZATION_IDENTIFIER, "other-mobile")
                    .build(),
                NOW.minusSeconds(60),
                NOW.plusSeconds(3600)));
    SubscriptionHeader header =
        new SubscriptionHeader(
            "ab".repeat(16),
            "other-mobile",
            eid,
            Certificates.sha256(agreement(eid)),
            1,
            NOW.minusSeconds(60),
            NOW.plusSeconds(3600),
            Action.INSTALL,
            Optional.empty());
    byte[] sealed =
        new Sealer(pair.getPrivate(), certificate).seal(subscription(), header, agreement(eid));

    assertRefused(install(sealed), header, sealed, Receipt.Result.CONFLICT);
  }

  @Test
  void no_key_leaves_the_euiccs_memory_but_is_in_it() throws Exception {
    EuiccAnswer answer = install(seal(header(1)));

    byte[] memory = Files.readAllBytes(shipment.euiccFolder().resolve(eid.value() + "/memory.bin"));
    assertThat(contains(memory, K)).isTrue();
    assertThat(contains(answer.receipt().orElseThrow(), K)).isFalse();
    assertThat(
            contains(
                answer.receipt().orElseThrow(),
                "001019876543210".getBytes(StandardCharsets.US_ASCII)))
        .isFalse();
    assertThat(subscription().toString()).doesNotContain("00101").doesNotContain("465b");
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    String hex = HexFormat.of().formatHex(bytes);
    return hex.contains(HexFormat.of().formatHex(part));
  }

  private void assertRefused(
      EuiccAnswer answer, SubscriptionHeader header, byte[] sealed, Receipt.Result result) {
    assertThat(answer.done()).isFalse();
    assertThat(verified(answer, header, sealed).result()).isEqualTo(result);
  }

  private Receipt verified(EuiccAnswer answer, SubscriptionHeader header, byte[] sealed) {
    ReceiptCheck.Verdict verdict =
        new ReceiptCheck(List.of(PemFiles.readCertificate(shipment.euiccRoot())), Clock.systemUTC())
            .check(
                answer.receipt().orElseThrow(),
                new ReceiptCheck.Expected(
                    eid, header.packageId(), Certificates.hexSha256(sealed), header.counter()));
    assertThat(verdict).isInstanceOf(ReceiptCheck.Verified.class);
    return ((ReceiptCheck.Verified) verdict).receipt();
  }

  private EuiccAnswer install(byte[] sealed) {
    return euicc.install(eid, sealed).toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  private byte[] seal(SubscriptionHeader header) {
    return operator.seal(subscription(), header, agreement(eid));
  }

  private X509Certificate agreement(Eid of) {
    return PemFiles.readCertificate(
        shipment.operatorFolder().resolve("euicc-certificates").resolve(of + ".pem"));
  }

  private SubscriptionHeader header(long counter) {
    return header(counter, NOW.minusSeconds(60), NOW.plus(Duration.ofDays(1)));
  }

  private SubscriptionHeader header(long counter, Instant notBefore, Instant notAfter) {
    return new SubscriptionHeader(
        HexFormat.of().toHexDigits(System.nanoTime()) + "0".repeat(16),
        "firstlight-mobile",
        eid,
        Certificates.sha256(agreement(eid)),
        counter,
        notBefore,
        notAfter,
        Action.INSTALL,
        Optional.empty());
  }

  private static Subscription subscription() {
    return new Subscription(
        "8999901234567890123",
        "001019876543210",
        K,
        OPC,
        3,
        List.of("00101", "26201"),
        Optional.of("1234"),
        Optional.empty());
  }
}
