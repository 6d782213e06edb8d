package org.firstlight.benchmarks.bootstrap;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.firstlight.benchmarks.handshake.Credentials;
import org.firstlight.benchmarks.handshake.DeviceFactory;
import org.firstlight.benchmarks.handshake.DtlsDevice;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * The load: devices that bootstrap over and over, with the fastest provider there is. Reads how
 * many seconds, and answers with how many bootstraps ended well, how many did not, the milliseconds
 * it took, and the requests that the last was made of.
 */
public final class BootstrappingMain {
  private static final int AT_ONCE = 32;

  private BootstrappingMain() {}

  /**
   * @param arguments the folder of credentials, how many devices, the server's port, what stands
   *     before a device's name
   */
  public static void main(String[] arguments) throws Exception {
    CryptoProvider.install(List.of(CryptoProvider.values()));
    Path folder = Path.of(arguments[0]);
    X509Certificate trust = Credentials.certificate(folder, "trust");
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2]));
    String prefix = arguments.length > 3 ? arguments[3] : "";
    ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    BlockingQueue<BootstrappingDevice> idle = new LinkedBlockingQueue<>();
    int number = 0;
    for (Credentials.Credential one : Credentials.devices(folder, Integer.parseInt(arguments[1]))) {
      idle.add(
          new BootstrappingDevice(
              new DtlsDevice(one, trust, server, threads), prefix + DeviceFactory.name(number++)));
    }
    System.out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(bootstrap(idle, Double.parseDouble(line)));
    }
    System.exit(0);
  }

  private static String bootstrap(BlockingQueue<BootstrappingDevice> idle, double seconds)
      throws InterruptedException {
    AtomicLong done = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    AtomicLong requests = new AtomicLong();
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    List<Thread> drivers = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      Thread driver =
          new Thread(
              () -> {
                while (System.nanoTime() < end) {
                  BootstrappingDevice device = idle.remove();
                  Optional<String> fault = device.bootstrap();
                  fault.ifPresent(System.err::println);
                  (fault.isEmpty() ? done : failed).incrementAndGet();
                  requests.set(device.requests());
                  idle.add(device);
                }
              });
      driver.start();
      drivers.add(driver);
    }
    for (Thread driver : drivers) {
      driver.join();
    }
    double took = (System.nanoTime() - begun) / 1e6;
    return "%d %d %.1f %d".formatted(done.get(), failed.get(), took, requests.get());
  }
}
