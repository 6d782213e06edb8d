package org.firstlight.benchmarks.handshake;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * The load: devices that shake hands, send a CoAP ping and wait for its answer, over and over, on
 * the fastest provider there is. Reads {@code port seconds full|resumed} and answers with how many
 * it did, how many came to nothing, and the milliseconds it took.
 */
public final class ShakingMain {
  /** CoAP: confirmable, empty, message id 1 (RFC 7252 §4.3); a server answers with a reset. */
  private static final byte[] PING = {0x40, 0x00, 0x00, 0x01};

  private static final long PATIENCE_SECONDS = 10;

  private final List<Credentials.Credential> devices;
  private final X509Certificate trust;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          4,
          task -> {
            Thread thread = new Thread(task, "shaking");
            thread.setDaemon(true);
            return thread;
          });

  private ShakingMain(List<Credentials.Credential> devices, X509Certificate trust) {
    this.devices = devices;
    this.trust = trust;
  }

  /**
   * @param arguments the folder of credentials, how many devices, the name of the certificate to
   *     trust
   */
  public static void main(String[] arguments) throws Exception {
    CryptoProvider.install(List.of(CryptoProvider.values()));
    Path folder = Path.of(arguments[0]);
    ShakingMain main =
        new ShakingMain(
            Credentials.devices(folder, Integer.parseInt(arguments[1])),
            Credentials.certificate(folder, arguments[2]));
    System.out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      System.out.println(
          main.shake(
              Integer.parseInt(words[0]),
              Double.parseDouble(words[1]),
              words[2].equals("resumed")));
    }
  }

  private String shake(int port, double seconds, boolean resumed) throws Exception {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    AtomicLong done = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    List<Device> all = new ArrayList<>();
    for (Credentials.Credential credential : devices) {
      all.add(new Device(credential, server, done, failed));
    }
    for (Device device : all) {
      device.exchange();
    }
    done.set(0);
    failed.set(0);
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    CountDownLatch over = new CountDownLatch(all.size());
    List<Thread> drivers = new ArrayList<>();
    for (Device device : all) {
      Thread driver = new Thread(() -> device.run(end, resumed, over), "driver");
      driver.start();
      drivers.add(driver);
    }
    over.await();
    double took = (System.nanoTime() - begun) / 1e6;
    for (Device device : all) {
      device.close();
    }
    return "%d %d %.1f".formatted(done.get(), failed.get(), took);
  }

  private final class Device {
    private final DTLSConnector connector;
    private final InetSocketAddress server;
    private final Semaphore answered = new Semaphore(0);
    private final AtomicLong done;
    private final AtomicLong failed;

    Device(
        Credentials.Credential credential,
        InetSocketAddress server,
        AtomicLong done,
        AtomicLong failed)
        throws IOException {
      this.server = server;
      this.done = done;
      this.failed = failed;
      Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
      configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
      configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
      configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
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
      connector.setRawDataReceiver(raw -> answered.release());
      connector.start();
    }

    void run(long end, boolean resumed, CountDownLatch over) {
      while (System.nanoTime() < end) {
        if (resumed) {
          connector.forceResumeSessionFor(server);
        } else {
          connector.clearConnectionState();
        }
        exchange();
      }
      over.countDown();
    }

    void exchange() {
      answered.drainPermits();
      connector.send(RawData.outbound(PING, new AddressEndpointContext(server), null, false));
      try {
        if (answered.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          done.incrementAndGet();
        } else {
          failed.incrementAndGet();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      connector.destroy();
    }
  }
}
