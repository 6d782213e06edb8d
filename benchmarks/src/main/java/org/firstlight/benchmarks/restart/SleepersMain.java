package org.firstlight.benchmarks.restart;

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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.firstlight.benchmarks.handshake.Credentials;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * Devices that have a connection and say nothing. {@code speak}: each sends a CoAP ping; answers
 * with how many got their answer, and in how many milliseconds. {@code shift}: half of them have
 * other addresses then.
 */
public final class SleepersMain {
  private static final byte[] PING = {0x40, 0x00, 0x00, 0x01};
  private static final int AT_ONCE = 64;
  private static final long PATIENCE_SECONDS = 10;

  private SleepersMain() {}

  /**
   * @param arguments the folder of credentials, how many devices, the server's port
   */
  public static void main(String[] arguments) throws Exception {
    CryptoProvider.install(List.of(CryptoProvider.values()));
    Path folder = Path.of(arguments[0]);
    X509Certificate trust = Credentials.certificate(folder, "trust");
    ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    try (ShiftingNat nat = new ShiftingNat(Integer.parseInt(arguments[2]))) {
      List<Sleeper> all = new ArrayList<>();
      for (Credentials.Credential one :
          Credentials.devices(folder, Integer.parseInt(arguments[1]))) {
        all.add(new Sleeper(one, trust, nat.address(), threads));
      }
      System.out.println("ready");
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("shift")) {
          nat.shift();
          System.out.println("ok");
        } else {
          System.out.println(speak(all));
        }
      }
    }
    System.exit(0);
  }

  private static String speak(List<Sleeper> all) throws InterruptedException {
    long begun = System.nanoTime();
    Semaphore free = new Semaphore(AT_ONCE);
    AtomicInteger heard = new AtomicInteger();
    ScheduledExecutorService drivers = Executors.newScheduledThreadPool(AT_ONCE);
    for (Sleeper one : all) {
      free.acquire();
      drivers.execute(
          () -> {
            if (one.ping()) {
              heard.incrementAndGet();
            }
            free.release();
          });
    }
    free.acquire(AT_ONCE);
    drivers.shutdown();
    return "%d %.0f".formatted(heard.get(), (System.nanoTime() - begun) / 1e6);
  }

  private static final class Sleeper {
    private final DTLSConnector connector;
    private final InetSocketAddress server;
    private final Semaphore answered = new Semaphore(0);

    Sleeper(
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

    boolean ping() {
      answered.drainPermits();
      connector.send(RawData.outbound(PING, new AddressEndpointContext(server), null, false));
      try {
        return answered.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
