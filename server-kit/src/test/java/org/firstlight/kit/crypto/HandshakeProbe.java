package org.firstlight.kit.crypto;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
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
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.resumption.ConnectionStoreResumptionVerifier;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.dtls.DtlsServer;
import org.firstlight.kit.dtls.HandshakeListener;
import org.firstlight.kit.dtls.HandshakeReport;
import org.firstlight.kit.pki.Pki;

/** One side of handshakes, in a JVM of its own: who does its arithmetic is chosen once a JVM. */
final class HandshakeProbe {
  static final List<CipherSuite> SUITES =
      List.of(
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256);

  private HandshakeProbe() {}

  /** server|client, the provider, a folder; a client has the servers' ports behind. */
  public static void main(String[] arguments) throws Exception {
    CryptoProvider provider = CryptoProvider.install(List.of(CryptoProvider.valueOf(arguments[1])));
    System.out.println(provider);
    Path folder = Path.of(arguments[2]);
    if (arguments[0].equals("server")) {
      serve(folder);
    } else {
      for (int at = 3; at < arguments.length; at++) {
        for (CipherSuite suite : SUITES) {
          System.out.println(shakeHands(folder, Integer.parseInt(arguments[at]), suite));
        }
      }
    }
  }

  private static void serve(Path folder) throws Exception {
    Path data = Files.createTempDirectory(folder, "server");
    FirstlightConfig config = ConfigFile.parse("dataDirectory: .", data);
    DTLSConnector[] connector = new DTLSConnector[1];
    connector[0] =
        new DtlsServer(
                Pki.open(data, config, Clock.systemUTC())::dmServer,
                StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustedCertificates(certificate(folder.resolve("ca.der")))
                    .build(),
                Optional.empty(),
                new ConnectionStoreResumptionVerifier(),
                Optional.empty(),
                new HandshakeListener() {
                  @Override
                  public void established(InetSocketAddress address, long ms) {}

                  @Override
                  public void failed(HandshakeReport report) {
                    System.err.println(report);
                  }
                },
                config.handshakes(),
                7)
            .connector(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    connector[0].setRawDataReceiver(
        raw ->
            connector[0].send(RawData.outbound(raw.bytes, raw.getEndpointContext(), null, false)));
    connector[0].start();
    System.out.println(connector[0].getAddress().getPort());
    while (System.in.read() >= 0) {
      // the test ends it
    }
    connector[0].destroy();
  }

  private static String shakeHands(Path folder, int port, CipherSuite suite) throws Exception {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite));
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    PrivateKey key =
        KeyFactory.getInstance("EC")
            .generatePrivate(
                new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve("device.key"))));
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .setCertificateIdentityProvider(
                new SingleCertificateProvider(
                    key,
                    new X509Certificate[] {certificate(folder.resolve("device.der"))},
                    CertificateType.X_509))
            .setAdvancedCertificateVerifier(
                StaticNewAdvancedCertificateVerifier.builder().setTrustAllCertificates().build());
    DTLSConnector client = new DTLSConnector(builder.build());
    BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    client.setRawDataReceiver(raw -> answers.add(raw.bytes));
    client.start();
    try {
      client.send(
          RawData.outbound(
              new byte[] {1},
              new AddressEndpointContext(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
              null,
              false));
      return (answers.poll(10, TimeUnit.SECONDS) == null ? "nothing " : "ok ") + suite;
    } finally {
      client.destroy();
    }
  }

  private static X509Certificate certificate(Path der) throws Exception {
    try (var in = Files.newInputStream(der)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
