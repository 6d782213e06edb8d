package org.firstlight.benchmarks.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** One device of a load: a certificate, a port, and a CoAP ping whose answer it waits for. */
public final class DtlsDevice implements AutoCloseable {
  /** CoAP: confirmable, empty, message id 1 (RFC 7252 §4.3); a server answers with a reset. */
  private static final byte[] PING = {0x40, 0x00, 0x00, 0x01};

  private static final long PATIENCE_SECONDS = 10;

  private final DTLSConnector connector;
  private final InetSocketAddress server;
  private final Semaphore answered = new Semaphore(0);
  private volatile Consumer<byte[]> receiver = any -> answered.release();

  /**
   * @param threads of all devices of the process
   */
  public DtlsDevice(
      Credentials.Credential credential,
      X509Certificate trust,
      InetSocketAddress server,
      ScheduledExecutorService threads)
      throws IOException {
    this.server = server;
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, 2);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(
        DtlsConfig.DTLS_CIPHER_SUITES, List.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8));
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    connector =
        new DTLSConnector(
            DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setCertificateIdentityProvider(
                    new SingleCertificateProvider(
                        credential.key(),
                        new X509Certificate[] {credential.certificate()},
                        CertificateType.X_509))
                .setAdvancedCertificateVerifier(
                    StaticNewAdvancedCertificateVerifier.builder()
                        .setTrustedCertificates(trust)
                        .build())
                .build());
    connector.setExecutor(threads);
    connector.setRawDataReceiver(raw -> receiver.accept(raw.getBytes()));
    connector.start();
  }

  /** From now on this takes what the server says, and no ping is answered. */
  public void hear(Consumer<byte[]> messages) {
    receiver = messages;
  }

  /** Shakes hands first where there is no connection. */
  public void say(byte[] message) {
    connector.send(RawData.outbound(message, new AddressEndpointContext(server), null, false));
  }

  /** What is said next shakes hands in full. */
  public void forget() {
    connector.clearConnectionState();
  }

  /** What is said next resumes the session. */
  void resume() {
    connector.forceResumeSessionFor(server);
  }

  /** Whether the answer came in time; shakes hands first where there is no connection. */
  public boolean ping() {
    answered.drainPermits();
    say(PING);
    try {
      return answered.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
