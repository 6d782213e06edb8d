package org.firstlight.benchmarks.handshake;

import java.io.BufferedReader;
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
import java.util.concurrent.atomic.AtomicLong;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * The load: devices that shake hands, send a CoAP ping and wait for its answer, over and over, on
 * the fastest provider there is. Reads {@code port seconds full|resumed} and answers with how many
 * it did, how many came to nothing, and the milliseconds it took.
 */
public final class ShakingMain {
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
    List<DtlsDevice> all = new ArrayList<>();
    for (Credentials.Credential credential : devices) {
      all.add(new DtlsDevice(credential, trust, server, threads));
    }
    for (DtlsDevice device : all) {
      device.ping();
    }
    AtomicLong done = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    List<Thread> drivers = new ArrayList<>();
    for (DtlsDevice device : all) {
      Thread driver =
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  (shaken(device, resumed) ? done : failed).incrementAndGet();
                }
              },
              "driver");
      driver.start();
      drivers.add(driver);
    }
    for (Thread driver : drivers) {
      driver.join();
    }
    double took = (System.nanoTime() - begun) / 1e6;
    all.forEach(DtlsDevice::close);
    return "%d %d %.1f".formatted(done.get(), failed.get(), took);
  }

  private static boolean shaken(DtlsDevice device, boolean resumed) {
    if (resumed) {
      device.resume();
    } else {
      device.forget();
    }
    return device.ping();
  }
}
