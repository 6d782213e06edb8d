package org.firstlight.kit.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.resumption.ConnectionStoreResumptionVerifier;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Leaf;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.Pki;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes that somebody begins and leaves, at a real server. */
class HandshakeLimitsIT {
  private static final TestCa CA = TestCa.root("Factory CA");
  private static final int GOES_ON_MS = 5_000;
  private static final int SILENCE_MS = 300;

  @TempDir private Path data;
  private final BlockingQueue<String> reasons = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private DTLSConnector server;
  private Pki pki;

  private void start(String handshakes) throws Exception {
    FirstlightConfig config = ConfigFile.parse("dataDirectory: .\n" + handshakes, data);
    pki = Pki.open(data, config, Clock.systemUTC());
    server =
        new DtlsServer(
                pki::dmServer,
                StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustedCertificates(CA.certificate())
                    .build(),
                Optional.empty(),
                new ConnectionStoreResumptionVerifier(),
                Optional.empty(),
                new HandshakeListener() {
                  @Override
                  public void established(InetSocketAddress address, long ms) {}

                  @Override
                  public void failed(HandshakeReport report) {
                    reasons.add(report.reason());
                  }
                },
                config.handshakes(),
                7)
            .connector(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0));
    server.setRawDataReceiver(
        raw -> received.add(new String(raw.getBytes(), StandardCharsets.US_ASCII)));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    server.destroy();
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
  }

  private HalfOpen from(String literal) throws Exception {
    HalfOpen one = new HalfOpen(address(), InetAddress.getByName(literal));
    open.add(one);
    return one;
  }

  /** How long it took a device to say hello, from its first flight on. */
  private Duration deviceComesIn() throws Exception {
    Leaf device = CA.leaf("CN=device-1");
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    DTLSConnector client =
        new DTLSConnector(
            DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setCertificateIdentityProvider(
                    new SingleCertificateProvider(
                        device.keys().getPrivate(),
                        device.chain().toArray(new X509Certificate[0]),
                        CertificateType.X_509))
                .setAdvancedCertificateVerifier(
                    StaticNewAdvancedCertificateVerifier.builder()
                        .setTrustedCertificates(pki.serverCa())
                        .build())
                .build());
    client.setRawDataReceiver(raw -> {});
    open.add(client::destroy);
    client.start();
    long begun = System.nanoTime();
    client.send(
        RawData.outbound(
            "hello".getBytes(StandardCharsets.US_ASCII),
            new AddressEndpointContext(address()),
            null,
            false));
    assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  @Test
  void range_with_too_many_waits_until_one_of_its_own_has_ended_and_others_do_not()
      throws Exception {
    start("handshakes: { atOncePerPrefix: 3, ipv4Prefix: 24 }");
    List<HalfOpen> three = List.of(from("127.9.9.1"), from("127.9.9.2"), from("127.9.9.3"));
    for (HalfOpen one : three) {
      assertThat(one.begins(GOES_ON_MS)).isTrue();
    }
    HalfOpen fourth = from("127.9.9.4");
    fourth.hello(new byte[0]);
    assertThat(fourth.next(SILENCE_MS)).as("no answer at all").isEmpty();
    assertThat(reasons.poll(5, TimeUnit.SECONDS)).contains("handshakes.atOncePerPrefix");

    assertThat(from("127.9.8.1").begins(GOES_ON_MS)).as("its neighbour").isTrue();
    deviceComesIn();

    three.get(0).giveUp();
    await().until(() -> from("127.9.9.5").begins(SILENCE_MS));
  }

  @Test
  void nothing_is_made_larger_for_an_address_that_its_sender_may_not_have() throws Exception {
    start("");
    HalfOpen stranger = from("127.0.0.1");
    int sent = stranger.hello(new byte[0]);
    assertThat(stranger.next(GOES_ON_MS).orElseThrow()).hasSizeLessThanOrEqualTo(sent);
    sent = stranger.hello(new byte[32]);
    Optional<byte[]> answer = stranger.next(GOES_ON_MS);
    assertThat(HalfOpen.isVerifyRequest(answer)).as("a cookie that was made up").isTrue();
    assertThat(answer.orElseThrow()).hasSizeLessThanOrEqualTo(sent);
    assertThat(stranger.next(SILENCE_MS)).as("and nothing after it").isEmpty();
  }

  @Test
  void cookie_of_another_address_is_worth_nothing() throws Exception {
    start("handshakes: { atOncePerPrefix: 1 }");
    byte[] cookie = from("127.9.9.1").cookie(GOES_ON_MS).orElseThrow();
    HalfOpen thief = from("127.9.9.2");
    for (int i = 0; i < 3; i++) {
      thief.hello(cookie);
      assertThat(HalfOpen.isVerifyRequest(thief.next(GOES_ON_MS))).isTrue();
    }
    assertThat(thief.begins(GOES_ON_MS)).as("none of these counted").isTrue();
  }

  @Test
  void devices_come_in_while_hundreds_of_others_have_begun_and_left() throws Exception {
    leave(500);
  }

  @Test
  @Tag("long")
  void devices_come_in_while_ten_thousand_others_have_begun_and_left() throws Exception {
    leave(10_000);
  }

  /** From two hundred addresses, until as many are under way as may be. */
  private void leave(int count) throws Exception {
    start("handshakes: { atOnce: %d, atOncePerPrefix: %d }".formatted(count, count));
    for (int i = 0; i < count; i++) {
      try (HalfOpen one =
          new HalfOpen(address(), InetAddress.getByName("127.8.8." + (1 + i % 200)))) {
        assertThat(one.begins(GOES_ON_MS)).as("number %d", i).isTrue();
      }
      if (i % (count / 5) == count / 5 - 1) {
        System.out.printf("%d begun, a device in after %d ms%n", i + 1, deviceComesIn().toMillis());
      }
    }
    // some took a port that another had left, and with it its place
    await("more than its share").until(() -> !from("127.8.8.1").begins(SILENCE_MS));
    await()
        .untilAsserted(
            () -> assertThat(reasons).anyMatch(why -> why.contains("handshakes.atOnce)")));
    assertThat(from("127.8.9.1").begins(GOES_ON_MS)).as("a newcomer").isTrue();
    deviceComesIn();
  }
}
