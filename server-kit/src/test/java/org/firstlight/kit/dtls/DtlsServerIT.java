package org.firstlight.kit.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.resumption.ConnectionStoreResumptionVerifier;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Leaf;
import org.firstlight.kit.TestCa.Wish;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.pki.P256;
import org.firstlight.kit.pki.Pki;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real handshakes on loopback, and what is said about them. */
class DtlsServerIT {
  private static final int PATIENCE_SECONDS = 20;
  private static final TestCa CA = TestCa.root("Factory CA");

  @TempDir private Path data;
  private final BlockingQueue<Established> established = new LinkedBlockingQueue<>();
  private final BlockingQueue<HandshakeReport> failed = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> senders = new LinkedBlockingQueue<>();

  private record Established(InetSocketAddress address, long ms) {}

  private final List<DTLSConnector> open = new ArrayList<>();
  private Pki pki;
  private LaterVerifier verifier;
  private DTLSConnector server;

  @BeforeEach
  void start() throws Exception {
    pki = Pki.open(data, ConfigFile.parse("dataDirectory: .", data), Clock.systemUTC());
    verifier = new LaterVerifier(List.of(CA.certificate()));
    AdvancedMultiPskStore psks = new AdvancedMultiPskStore();
    psks.setKey("device-1", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    server =
        new DtlsServer(
                pki::bootstrapServer,
                verifier,
                Optional.of(psks),
                new ConnectionStoreResumptionVerifier(),
                Optional.empty(),
                new HandshakeListener() {
                  @Override
                  public void established(InetSocketAddress address, long ms) {
                    established.add(new Established(address, ms));
                  }

                  @Override
                  public void failed(HandshakeReport report) {
                    failed.add(report);
                  }
                },
                ConfigFile.parse("dataDirectory: .", data).handshakes(),
                7)
            .connector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.setRawDataReceiver(
        raw -> {
          senders.add(raw.getSenderIdentity().getName());
          received.add(new String(raw.getBytes(), StandardCharsets.US_ASCII));
        });
    server.start();
    open.add(server);
  }

  @AfterEach
  void stop() {
    open.forEach(DTLSConnector::destroy);
    verifier.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = CipherSuite.class,
      names = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
      })
  void device_with_a_factory_certificate_comes_in_by_each_suite(CipherSuite suite)
      throws Exception {
    Leaf device = CA.leaf("CN=device-1");

    sendAs(device, pki.serverCa(), suite);

    Established one = next(established);
    assertThat(one.ms()).isBetween(0L, PATIENCE_SECONDS * 1000L);
    assertThat(one.address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(next(senders)).isEqualTo("CN=device-1");
    assertThat(received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(failed).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = CipherSuite.class,
      names = {"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_CBC_SHA256"})
  void device_with_a_known_psk_comes_in(CipherSuite suite) throws Exception {
    sendWithPsk("device-1", new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, suite);

    next(established);
    assertThat(next(senders)).isEqualTo("device-1");
    assertThat(received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");
  }

  @Test
  void its_connection_ids_begin_with_the_node_number() throws Exception {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    new DtlsServer(
            pki::dmServer,
            verifier,
            Optional.empty(),
            new ConnectionStoreResumptionVerifier(),
            Optional.empty(),
            silent(),
            ConfigFile.parse("dataDirectory: .", data).handshakes(),
            7)
        .applyTo(configuration);

    assertThat(configuration.get(DtlsConfig.DTLS_CONNECTION_ID_NODE_ID)).isEqualTo(7);
    assertThat(configuration.get(DtlsConfig.DTLS_CONNECTION_ID_LENGTH)).isEqualTo(6);
    assertThat(configuration.get(DtlsConfig.DTLS_CIPHER_SUITES)).noneMatch(CipherSuite::isPskBased);
    assertThat(configuration.get(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST)).isTrue();
  }

  @Test
  void unknown_ca_is_said() throws Exception {
    sendAs(TestCa.root("Stranger").leaf("CN=device-2"), pki.serverCa(), null);

    HandshakeReport report = next(failed);
    assertThat(report.subject()).contains("CN=device-2");
    assertThat(report.issuer()).contains("CN=Stranger");
    assertThat(report.reason()).contains("no trusted CA issued the certificate");
    assertThat(established).isEmpty();
  }

  @Test
  void expired_and_not_yet_valid_are_said() throws Exception {
    sendAs(
        CA.leaf(Wish.of("CN=old").valid(Duration.ofDays(-9), Duration.ofDays(-1))),
        pki.serverCa(),
        null);
    assertThat(next(failed).reason()).contains("the certificate has expired");

    sendAs(
        CA.leaf(Wish.of("CN=new").valid(Duration.ofDays(1), Duration.ofDays(9))),
        pki.serverCa(),
        null);
    assertThat(next(failed).reason()).contains("the certificate is not valid yet");
  }

  @Test
  void a_suite_that_is_not_allowed_is_said() throws Exception {
    sendAs(
        CA.leaf("CN=device-3"), pki.serverCa(), CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA);

    HandshakeReport report = next(failed);
    assertThat(report.subject()).isEmpty();
    assertThat(report.reason()).contains("it offers no cipher suite or curve that is allowed here");
  }

  @Test
  void a_device_that_does_not_know_our_ca_is_said() throws Exception {
    sendAs(CA.leaf("CN=device-4"), TestCa.root("Another platform").certificate(), null);

    assertThat(next(failed).reason())
        .startsWith("the device broke it off: it does not accept our certificate");
  }

  @Test
  void an_unknown_psk_identity_is_said() throws Exception {
    sendWithPsk("nobody", new byte[] {1}, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);

    HandshakeReport report = next(failed);
    assertThat(report.subject()).contains("nobody");
    assertThat(report.reason()).contains("its PSK identity is not known here");
  }

  @Test
  void a_raw_public_key_is_not_taken_where_only_certificates_are() throws Exception {
    KeyPair keys = P256.newPair();
    DtlsConnectorConfig.Builder builder = client(null);
    builder.setCertificateIdentityProvider(
        new SingleCertificateProvider(keys.getPrivate(), keys.getPublic()));
    builder.setAdvancedCertificateVerifier(
        StaticNewAdvancedCertificateVerifier.builder()
            .setTrustedCertificates(pki.serverCa())
            .setTrustAllRPKs()
            .build());
    send(builder);

    assertThat(next(failed).reason()).startsWith("it comes with a raw public key");
    assertThat(established).isEmpty();
  }

  @Test
  void a_resumed_session_still_has_its_name() throws Exception {
    sendAs(CA.leaf("CN=sleeper"), pki.serverCa(), null);
    next(established);
    next(senders);
    assertThat(received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("hello");

    DTLSConnector client = open.get(open.size() - 1);
    client.forceResumeSessionFor(server.getAddress());
    send(client);

    next(established);
    assertThat(next(senders)).isEqualTo("CN=sleeper");
  }

  /** Whoever listens may send again what a device sent, from its address and from others. */
  @Test
  void what_was_sent_before_does_nothing_when_it_comes_again() throws Exception {
    try (Wiretap wire = new Wiretap(server.getAddress())) {
      DTLSConnector client = connected(CA.leaf("CN=heard"));
      send(client, "hello", wire.address());
      next(established);
      assertThat(next(received)).isEqualTo("hello");

      List<byte[]> all = List.copyOf(wire.heard());
      for (byte[] datagram : all) {
        wire.again(datagram);
        wire.fromElsewhere(datagram);
      }
      send(client, "still there", wire.address());

      assertThat(next(received)).isEqualTo("still there");
      assertThat(received).isEmpty();
    }
  }

  @Test
  void a_verifier_that_answers_later_is_waited_for() throws Exception {
    verifier.hold();
    sendAs(CA.leaf("CN=patient"), pki.serverCa(), null);
    assertThat(established.poll(300, TimeUnit.MILLISECONDS)).isNull();

    verifier.release();

    next(established);
    assertThat(next(senders)).isEqualTo("CN=patient");
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return java.util.Objects.requireNonNull(next);
  }

  private static HandshakeListener silent() {
    return new HandshakeListener() {
      @Override
      public void established(InetSocketAddress address, long ms) {}

      @Override
      public void failed(HandshakeReport report) {}
    };
  }

  private void sendAs(Leaf device, X509Certificate trusted, CipherSuite suite) throws Exception {
    send(with(device, trusted, suite));
  }

  private DTLSConnector connected(Leaf device) throws Exception {
    DTLSConnector client = new DTLSConnector(with(device, pki.serverCa(), null).build());
    client.setRawDataReceiver(raw -> {});
    open.add(client);
    client.start();
    return client;
  }

  private DtlsConnectorConfig.Builder with(
      Leaf device, X509Certificate trusted, CipherSuite suite) {
    DtlsConnectorConfig.Builder builder = client(suite);
    builder.setCertificateIdentityProvider(
        new SingleCertificateProvider(
            device.keys().getPrivate(),
            device.chain().toArray(new X509Certificate[0]),
            CertificateType.X_509));
    builder.setAdvancedCertificateVerifier(
        StaticNewAdvancedCertificateVerifier.builder().setTrustedCertificates(trusted).build());
    return builder;
  }

  private void sendWithPsk(String identity, byte[] key, CipherSuite suite) throws Exception {
    DtlsConnectorConfig.Builder builder = client(suite);
    builder.setAdvancedPskStore(
        new AdvancedSinglePskStore(
            new PskPublicInformation(identity), new SecretKeySpec(key, "PSK")));
    send(builder);
  }

  private DtlsConnectorConfig.Builder client(CipherSuite suite) {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    if (suite != null) {
      configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite));
    }
    return DtlsConnectorConfig.builder(configuration)
        .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private void send(DtlsConnectorConfig.Builder builder) throws Exception {
    DTLSConnector client = new DTLSConnector(builder.build());
    client.setRawDataReceiver(raw -> {});
    open.add(client);
    client.start();
    send(client);
  }

  private void send(DTLSConnector client) {
    send(client, "hello", server.getAddress());
  }

  private static void send(DTLSConnector client, String words, InetSocketAddress to) {
    client.send(
        RawData.outbound(
            words.getBytes(StandardCharsets.US_ASCII),
            new AddressEndpointContext(to),
            null,
            false));
  }
}
