package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.subscription.Receipt;
import org.firstlight.kit.subscription.SubscriptionFormat;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Whole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The eUICC's receipt, as the device shows it after its registration. */
class ConnectivityIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PACKAGE_ID = "00112233445566778899aabbccddeeff";
  private static final String PACKAGE_SHA256 = "ab".repeat(32);
  private static final String ICCID = "8949000000000000017";
  private static final TestCertificates EUICC_MAKER = TestCertificates.root("eUICC Root");
  private static final Credential EUICC = EUICC_MAKER.leaf("CN=eUICC,SERIALNUMBER=" + DmWorld.EID);

  @TempDir static Path directory;
  private static DmWorld world;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory, Certificates.pem(List.of(EUICC_MAKER.certificate())));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
  }

  /** A device that acknowledged its package in the bootstrap. */
  private static EndpointName withPendingSubscription() {
    EndpointName name = world.bootstrapped();
    Instant now = Instant.now();
    SealedSubscription pending =
        new SealedSubscription(
            PACKAGE_ID,
            "op-1",
            "mno",
            DmWorld.EID,
            name,
            5,
            now.minusSeconds(60),
            now.plusSeconds(3600),
            PACKAGE_SHA256,
            Optional.of("c2VhbGVk"),
            SubscriptionState.INSTALL_PENDING,
            now,
            "delivered",
            Optional.empty(),
            Optional.empty());
    Step delivered = new Step("subscription", now, 3, true, Map.of("delivery", "push"));
    world.state.commit(
        Change.in(name.value())
            .put(Kinds.SUBSCRIPTION, PACKAGE_ID, 0, pending)
            .put(Kinds.JOURNEY, name.value(), 0, new JourneyRecord(List.of(delivered)))
            .build());
    return name;
  }

  private static Receipt receipt(Receipt.Result result) {
    return new Receipt(
        PACKAGE_ID,
        result,
        5,
        PACKAGE_SHA256,
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        Optional.of(ICCID));
  }

  private static byte[] signed(Receipt receipt, Credential signer) {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(signer.keys().getPrivate()),
                  signer.certificate()));
      generator.addCertificates(new JcaCertStore(List.of(signer.certificate())));
      return generator
          .generate(
              new CMSProcessableByteArray(
                  SubscriptionFormat.RECEIPT_CONTENT, SubscriptionFormat.encode(receipt)),
              true)
          .toASN1Structure()
          .getEncoded(ASN1Encoding.DER);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static TestDevice device(EndpointName name, Optional<byte[]> receipt) {
    TestDevice device = world.connect(world.issue(name));
    device.tree.values.put(LwM2mPath.parse("/505/0/6"), new Whole(0));
    device.tree.values.put(LwM2mPath.parse("/505/0/7"), new Whole(1));
    device.tree.values.put(
        LwM2mPath.parse("/505/0/14"), new Many(Map.of(0, new Whole(8949000000000000017L))));
    receipt.ifPresent(
        bytes -> device.tree.values.put(LwM2mPath.parse("/505/0/26241"), new Bytes(bytes)));
    return device;
  }

  private static SealedSubscription subscription(EndpointName name) {
    return world
        .state
        .find(Kinds.SUBSCRIPTION, name.value(), PACKAGE_ID)
        .map(Stored::value)
        .orElseThrow();
  }

  private static void awaitState(EndpointName name, SubscriptionState state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(subscription(name).state()).isEqualTo(state));
  }

  @Test
  void verified_receipt_completes_the_subscription_and_lets_the_sealed_bytes_go() {
    EndpointName name = withPendingSubscription();

    DmWorld.register(
        device(name, Optional.of(signed(receipt(Receipt.Result.ENABLED), EUICC))), name);

    awaitState(name, SubscriptionState.ENABLED);
    assertThat(subscription(name).sealed()).isEmpty();
    assertThat(subscription(name).receipt()).isPresent();
    assertThat(subscription(name).iccid()).contains(ICCID);
    Step step = world.step(name, "subscription").orElseThrow();
    assertThat(step.ok()).isTrue();
    assertThat(step.details()).isEqualTo(Map.of("delivery", "push", "receipt", "verified"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(world.events(name, "subscription.enabled"))
                    .first()
                    .satisfies(event -> assertThat(event.tenant()).contains("mno")));
  }

  @Test
  void receipt_of_an_eUICC_that_the_maker_did_not_make_is_refused() {
    EndpointName name = withPendingSubscription();
    Credential forger =
        TestCertificates.root("eUICC Root").leaf("CN=eUICC,SERIALNUMBER=" + DmWorld.EID);

    DmWorld.register(
        device(name, Optional.of(signed(receipt(Receipt.Result.ENABLED), forger))), name);

    awaitState(name, SubscriptionState.FAILED);
    assertThat(subscription(name).sealed()).isPresent();
    assertThat(subscription(name).cause()).contains("not trusted");
    Step step = world.step(name, "subscription").orElseThrow();
    assertThat(step.ok()).isFalse();
    assertThat(step.details()).containsEntry("receipt", "refused");
  }

  @Test
  void receipt_that_says_no_fails_the_subscription_with_the_eUICCs_words() {
    EndpointName name = withPendingSubscription();

    DmWorld.register(
        device(name, Optional.of(signed(receipt(Receipt.Result.REPLAYED), EUICC))), name);

    awaitState(name, SubscriptionState.FAILED);
    assertThat(subscription(name).cause()).contains("counter");
    assertThat(world.step(name, "subscription").orElseThrow().details())
        .containsEntry("receipt", "verified");
  }

  @Test
  void receipt_that_comes_late_is_looked_for_again() {
    EndpointName name = withPendingSubscription();
    TestDevice device = device(name, Optional.empty());
    DmWorld.register(device, name);
    await().atMost(PATIENCE).until(() -> device.tree.requests.contains("GET /505/0/26241"));

    device.tree.values.put(
        LwM2mPath.parse("/505/0/26241"),
        new Bytes(signed(receipt(Receipt.Result.INSTALLED), EUICC)));

    awaitState(name, SubscriptionState.INSTALLED);
  }

  @Test
  void update_result_without_a_receipt_fails_the_subscription() {
    EndpointName name = withPendingSubscription();
    TestDevice device = device(name, Optional.empty());
    device.tree.values.put(LwM2mPath.parse("/505/0/7"), new Whole(2));

    DmWorld.register(device, name);

    awaitState(name, SubscriptionState.FAILED);
    assertThat(subscription(name).cause()).isEqualTo("the SIM has no memory for it");
  }
}
